print("reef")
