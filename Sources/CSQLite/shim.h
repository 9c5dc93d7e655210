#include <sqlite3.h>

// Swift cannot call sqlite3_db_config itself, which is variadic.

/// Closing the last connection then leaves the write-ahead log as it is.
static inline int reef_sqlite3_leave_log_on_close(sqlite3 *database) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

/// No statement can then harm the file's structure, nothing in a stranger's schema can run what only
/// the program itself should, and a misspelt column is an error and not a string.
static inline int reef_sqlite3_defend(sqlite3 *database) {
  int code = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
  if (code == SQLITE_OK)
    code = sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
  if (code == SQLITE_OK) code = sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
  if (code == SQLITE_OK) code = sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)0);
  return code;
}

/// Whether no statement can harm the file's structure.
static inline int reef_sqlite3_is_defensive(sqlite3 *database) {
  int is_defensive = 0;
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, -1, &is_defensive);
  return is_defensive;
}
