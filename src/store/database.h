// Database: one connection to one SQLite file, with its statements and errors as values.
//
// One thread at a time; a Statement must not outlive its Database.
// SQLite's C interface: sqlite.org/c3ref; result codes: sqlite.org/rescode.html.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace ccr::store {

/// What went wrong with the file, as far as the next step depends on it.
enum class Trouble : std::uint8_t {
    damaged,  // not a database, or a broken one: to be set aside
    locked,   // another connection has it at the moment
    other,    // read-only, full disk, no right: may pass
};

struct DatabaseError {
    Trouble trouble = Trouble::other;
    std::string message;  // SQLite's own words
};
template <typename T>
using DatabaseResult = std::expected<T, DatabaseError>;

class Statement {
  public:
    Statement& bind(int index, std::string_view text);
    Statement& bind(int index, std::int64_t number);
    /// The next row: true; the end: false. A finished statement may be bound and stepped anew.
    DatabaseResult<bool> step();
    /// Valid until the next step.
    std::string_view text(int column) const;
    std::int64_t number(int column) const;

  private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
  public:
    /// Opens `file`, which is made (0600) where it is missing. Another connection's lock is waited
    /// for, two seconds at most, except where SQLite fears a deadlock and says `locked` at once
    /// (sqlite.org/c3ref/busy_handler.html).
    static DatabaseResult<Database> open(const std::string& file);

    /// One or more statements without rows that matter.
    DatabaseResult<void> run(const char* sql);
    DatabaseResult<Statement> prepare(std::string_view sql);
    /// The only number of the only row.
    DatabaseResult<std::int64_t> number(std::string_view sql);

  private:
    struct Close {
        void operator()(sqlite3* connection) const;
    };
    explicit Database(sqlite3* connection) : connection_(connection) {}
    std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace ccr::store
