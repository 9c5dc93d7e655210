// The patches under a 2-D kernel as rows of a matrix, so that a convolution is a matrix product.

#include "CKernels.h"
#include <string.h>

// Images are [height, width, channels]; row (y, x) of `patches` lists the kernel's window there in
// the order [kernel height, kernel width, channels], zero outside the image.

void reef_patches(const ReefConvolution *c, const float *image, float *patches) {
  for (long y = 0; y < c->out_height; y++)
    for (long x = 0; x < c->out_width; x++)
      for (long i = 0; i < c->kernel_height; i++)
        for (long j = 0; j < c->kernel_width; j++, patches += c->channels) {
          const long row = y * c->stride + i - c->padding, column = x * c->stride + j - c->padding;
          const int inside = row >= 0 && row < c->height && column >= 0 && column < c->width;
          if (inside)
            memcpy(
                patches, image + (row * c->width + column) * c->channels,
                c->channels * sizeof *patches);
          else
            memset(patches, 0, c->channels * sizeof *patches);
        }
}

void reef_add_patches(const ReefConvolution *c, const float *patches, float *image) {
  for (long y = 0; y < c->out_height; y++)
    for (long x = 0; x < c->out_width; x++)
      for (long i = 0; i < c->kernel_height; i++)
        for (long j = 0; j < c->kernel_width; j++, patches += c->channels) {
          const long row = y * c->stride + i - c->padding, column = x * c->stride + j - c->padding;
          if (row < 0 || row >= c->height || column < 0 || column >= c->width) continue;
          float *target = image + (row * c->width + column) * c->channels;
          for (long channel = 0; channel < c->channels; channel++)
            target[channel] += patches[channel];
        }
}
