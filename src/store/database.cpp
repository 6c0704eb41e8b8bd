#include "store/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace ccr::store {
namespace {

constexpr int kPatienceMs = 2000;

Trouble trouble_of(int code) {
    switch (code & 0xff) {  // the primary code; the rest says more of it
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Trouble::damaged;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            return Trouble::locked;
        default:
            return Trouble::other;
    }
}

std::unexpected<DatabaseError> failed(sqlite3* connection, int code) {
    return std::unexpected(DatabaseError{trouble_of(code), connection != nullptr
                                                               ? sqlite3_errmsg(connection)
                                                               : sqlite3_errstr(code)});
}

// SQLite would make the file with the process's umask; its -wal and -shm follow the file's mode.
DatabaseResult<void> ensure_private(const std::string& file) {
    const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made < 0)
        return std::unexpected(
            DatabaseError{Trouble::other, std::generic_category().message(errno)});
    ::fchmod(made, 0600);
    ::close(made);
    return {};
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

void Database::Close::operator()(sqlite3* connection) const {
    sqlite3_close_v2(connection);
}

Statement& Statement::bind(int index, std::string_view text) {
    sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
    return *this;
}

Statement& Statement::bind(int index, std::int64_t number) {
    sqlite3_bind_int64(statement_.get(), index, number);
    return *this;
}

DatabaseResult<bool> Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    auto error = failed(sqlite3_db_handle(statement_.get()), code);
    sqlite3_reset(statement_.get());
    if (code == SQLITE_DONE) return false;
    return error;
}

std::string_view Statement::text(int column) const {
    const auto* bytes =
        reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    return bytes == nullptr ? std::string_view() : std::string_view(bytes, size);
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

DatabaseResult<Database> Database::open(const std::string& file) {
    if (auto made = ensure_private(file); !made) return std::unexpected(std::move(made).error());
    sqlite3* connection = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &connection,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(connection);
    if (code != SQLITE_OK) return failed(connection, code);
    sqlite3_busy_timeout(connection, kPatienceMs);
    return database;
}

DatabaseResult<void> Database::run(const char* sql) {
    const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failed(connection_.get(), code);
    return {};
}

DatabaseResult<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                        &statement, nullptr);
    if (code != SQLITE_OK) return failed(connection_.get(), code);
    return Statement(statement);
}

DatabaseResult<std::int64_t> Database::number(std::string_view sql) {
    TRY(Statement statement, prepare(sql));
    TRY(const bool has_row, statement.step());
    return has_row ? statement.number(0) : 0;
}

}  // namespace ccr::store
