#include "store/schema.h"

#include <fmt/format.h>

#include <array>

namespace ccr::store {
namespace {

// Step N leads from version N to N + 1. A step that was released is never changed.
constexpr auto kSteps = std::to_array<const char*>({
    "CREATE TABLE record("
    "  kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, used_at INTEGER NOT NULL,"
    "  PRIMARY KEY(kind, key));"
    "CREATE INDEX record_by_age ON record(used_at);",
});

DatabaseResult<void> take_step(Database& database, std::size_t step) {
    const std::string sql = fmt::format("{}PRAGMA user_version = {};", kSteps[step], step + 1);
    return database.run(sql.c_str());
}

DatabaseResult<void> take_steps(Database& database) {
    // Read inside the transaction: another service may have been faster.
    TRY(const std::int64_t version, database.number("PRAGMA user_version"));
    for (auto step = static_cast<std::size_t>(version); step < kSteps.size(); ++step) {
        TRY_DO(take_step(database, step));
    }
    return {};
}

}  // namespace

DatabaseResult<void> migrate(Database& database) {
    TRY(const std::int64_t version, database.number("PRAGMA user_version"));
    const auto newest = static_cast<std::int64_t>(kSteps.size());
    if (version == newest) return {};
    if (version < 0 || version > newest)
        return std::unexpected(DatabaseError{
            Trouble::other, fmt::format("it was written by a later version of ccr (schema {}, this "
                                        "one knows {})",
                                        version, newest)});
    // Takes effect on a file without tables only, so before the first step.
    TRY_DO(database.run("PRAGMA auto_vacuum = INCREMENTAL"));
    TRY_DO(database.run("BEGIN IMMEDIATE"));
    auto done = take_steps(database);
    if (done) return database.run("COMMIT");
    auto undone = database.run("ROLLBACK");
    (void)undone;
    return done;
}

}  // namespace ccr::store
