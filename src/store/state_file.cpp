#include "store/state_file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>

#include "base/log.h"
#include "store/schema.h"

namespace ccr::store {
namespace {

constexpr const char* kUpsert =
    "INSERT INTO record(kind, key, value, used_at) VALUES(?1, ?2, ?3, ?4)"
    " ON CONFLICT(kind, key) DO UPDATE SET value = excluded.value, used_at = excluded.used_at";
constexpr const char* kRemove = "DELETE FROM record WHERE kind = ?1 AND key = ?2";
constexpr const char* kClear = "DELETE FROM record WHERE kind = ?1";
constexpr const char* kRead =
    "SELECT kind, key, value, used_at FROM record WHERE kind = ?1 OR ?1 = ''"
    " ORDER BY used_at, rowid";
constexpr const char* kBytesInUse =
    "SELECT (page_count - freelist_count) * page_size"
    " FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()";
// An eighth at a time, so that a full file is not shrunk at every write.
constexpr const char* kEvict =
    "DELETE FROM record WHERE rowid IN (SELECT rowid FROM record ORDER BY used_at, rowid"
    " LIMIT 1 + (SELECT count(*) FROM record) / 8)";

// How long, and how often, a file is tried that another service has locked.
constexpr auto kPatience = std::chrono::seconds(2);
constexpr auto kPause = std::chrono::milliseconds(5);

std::int64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

DatabaseResult<Database> open_migrated(const std::string& file) {
    TRY(Database opened, Database::open(file));
    TRY_DO(migrate(opened));
    // NORMAL with WAL: a power cut may cost the last batch, never the file (sqlite.org/wal.html).
    TRY_DO(
        opened.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                   "PRAGMA journal_size_limit = 1048576"));
    return opened;
}

// The change to WAL is refused at once while another service writes, as when two begin together.
// The last try may wait for its lock as long again.
DatabaseResult<Database> open_patiently(const std::string& file) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        auto opened = open_migrated(file);
        if (opened || opened.error().trouble != Trouble::locked ||
            std::chrono::steady_clock::now() >= end)
            return opened;
        std::this_thread::sleep_for(kPause);
    }
}

void ensure_directory_of(const std::string& file) {
    const auto parent = std::filesystem::path(file).parent_path();
    std::error_code failed;
    if (parent.empty() || std::filesystem::exists(parent, failed)) return;
    std::filesystem::create_directories(parent.parent_path(), failed);
    ::mkdir(parent.c_str(), 0700);
}

}  // namespace

StateFile::StateFile(std::string file, std::size_t most_bytes)
    : file_(std::move(file)), most_bytes_(most_bytes) {}

DatabaseResult<Database*> StateFile::open() {
    if (database_) return &*database_;
    ensure_directory_of(file_);
    TRY(Database opened, open_patiently(file_));
    database_ = std::move(opened);
    return &*database_;
}

DatabaseResult<std::vector<Record>> StateFile::read_rows(std::string_view kind) {
    TRY(Database * database, open());
    TRY(Statement rows, database->prepare(kRead));
    rows.bind(1, kind);
    std::vector<Record> out;
    for (;;) {
        TRY(const bool has_row, rows.step());
        if (!has_row) return out;
        out.push_back({std::string(rows.text(0)), std::string(rows.text(1)),
                       std::string(rows.text(2)), rows.number(3)});
    }
}

std::vector<Record> StateFile::read(std::string_view kind) {
    std::error_code failed;
    if (!std::filesystem::exists(file_, failed)) return {};
    auto records = read_rows(kind);
    if (records) return std::move(*records);
    complain(records.error());
    if (records.error().trouble == Trouble::damaged) set_aside();
    return {};
}

DatabaseResult<void> StateFile::apply(std::span<const Change> changes) {
    TRY(Statement upsert, database_->prepare(kUpsert));
    TRY(Statement remove, database_->prepare(kRemove));
    TRY(Statement clear, database_->prepare(kClear));
    for (const Change& change : changes) {
        const Record& record = change.record;
        Statement* statement = &clear;
        if (change.kind == Change::Kind::put) {
            statement = &upsert;
            upsert.bind(3, record.value).bind(4, record.used_at);
        }
        if (change.kind == Change::Kind::remove) statement = &remove;
        statement->bind(1, record.kind);
        if (change.kind != Change::Kind::clear) statement->bind(2, record.key);
        TRY_DO(statement->step());
    }
    return {};
}

DatabaseResult<void> StateFile::shrink() {
    for (;;) {
        TRY(const std::int64_t bytes, database_->number(kBytesInUse));
        if (static_cast<std::size_t>(bytes) <= most_bytes_) return {};
        TRY(const std::int64_t records, database_->number("SELECT count(*) FROM record"));
        if (records == 0) return {};
        TRY_DO(database_->run(kEvict));
    }
}

DatabaseResult<void> StateFile::write_rows(std::span<const Change> changes) {
    TRY(Database * database, open());
    TRY_DO(database->run("BEGIN IMMEDIATE"));
    auto done = apply(changes);
    if (done) done = shrink();
    if (done) done = database->run("COMMIT");
    if (!done) {
        auto undone = database->run("ROLLBACK");
        (void)undone;
        return done;
    }
    auto returned = database->run("PRAGMA incremental_vacuum");
    (void)returned;  // the room comes back another time
    return {};
}

bool StateFile::write(std::span<const Change> changes) {
    // A file that was taken away or put in another's place is opened anew.
    std::error_code failed;
    if (database_ && !std::filesystem::exists(file_, failed)) database_.reset();
    auto written = write_rows(changes);
    if (!written && written.error().trouble == Trouble::damaged) {
        complain(written.error());
        set_aside();
        written = write_rows(changes);
    }
    if (!written) {
        complain(written.error());
        database_.reset();
        return false;
    }
    last_complaint_.clear();
    return true;
}

void StateFile::set_aside() {
    database_.reset();
    const std::string aside = fmt::format("{}.damaged-{}", file_, now_ms());
    if (::rename(file_.c_str(), aside.c_str()) != 0) return;
    // A log that belongs to the damaged file must not be played into the new one.
    for (const char* ending : {"-wal", "-shm"})
        ::rename((file_ + ending).c_str(), (aside + ending).c_str());
    log::warn("the damaged state file was set aside; a new one is begun", {{"file", aside}});
}

void StateFile::complain(const DatabaseError& error) {
    if (error.message == last_complaint_) return;
    last_complaint_ = error.message;
    log::warn("the state file cannot be used; what was learned stays in memory",
              {{"file", file_}, {"err", error.message}});
}

}  // namespace ccr::store
