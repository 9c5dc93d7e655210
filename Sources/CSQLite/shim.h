#include <sqlite3.h>

/// Closing the last connection then leaves the write-ahead log as it is. Swift cannot call
/// sqlite3_db_config itself, which is variadic.
static inline int reef_sqlite3_leave_log_on_close(sqlite3 *database) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
