// `ccr config import`: a configuration of the reference's in the place of ours.
#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>

#include "cli/commands.h"
#include "cli/config_actions.h"
#include "cli/config_file.h"
#include "cli/exit_codes.h"
#include "cli/input.h"
#include "cli/terminal.h"
#include "config/import_v3.h"
#include "config/json5.h"

namespace ccr::cli {
namespace {

constexpr std::string_view kSqliteStart = "SQLite format 3";

struct Taken {
    std::string text;               // what is to be written
    std::string version;            // "2"
    std::vector<std::string> left;  // not carried over
};

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

// Version 3 keeps its configuration as JSON in one row of a database.
Result<std::string> text_of_database(const std::string& file) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
    const std::unique_ptr<sqlite3, CloseDatabase> database(opened);
    sqlite3_stmt* prepared = nullptr;
    if (code == SQLITE_OK)
        sqlite3_prepare_v2(database.get(),
                           "SELECT value_json FROM app_config WHERE key = 'default' LIMIT 1", -1,
                           &prepared, nullptr);
    const std::unique_ptr<sqlite3_stmt, FinalizeStatement> statement(prepared);
    if (prepared == nullptr || sqlite3_step(prepared) != SQLITE_ROW)
        return fail(ErrorKind::config,
                    fmt::format("{} is a database, but none with a configuration in it.", file));
    const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, 0));
    return std::string(text == nullptr ? "" : text);
}

Result<Taken> taken_from(const std::string& file) {
    TRY(std::string text, read_input(file));
    if (text.starts_with(kSqliteStart)) {
        TRY(text, text_of_database(file));
    }
    TRY(const config::Document document, config::parse_json5(text, file));
    const config::Node root = config::Node::root_of(document);
    if (!root.is_object())
        return fail(ErrorKind::config, fmt::format("{} holds no configuration.", file));
    if (!config::is_version_3(root)) return Taken{std::move(text), "2", {}};
    config::Imported imported = config::import_version_3(root);
    return Taken{std::move(imported.text), "3", std::move(imported.left)};
}

Result<void> may_replace(const Options& options, const Surroundings& here,
                         const std::vector<std::string>& changes) {
    if (options.yes) return {};
    const std::string path = shortened(here.paths, here.config_file);
    if (!can_ask())
        return fail(ErrorKind::config,
                    fmt::format("There is a configuration at {} already; --yes replaces it and "
                                "keeps the old one as a backup.",
                                path));
    for (const std::string& line : changes) fmt::print(stderr, "  {}\n", line);
    if (ask_yes(fmt::format("Replace {}? The old one is kept as a backup.", path))) return {};
    return fail(ErrorKind::config, "Nothing was written.");
}

Result<void> import(const Options& options, const Surroundings& here) {
    TRY(const Taken taken, taken_from(options.file));
    TRY(ConfigFile file, ConfigFile::open(here));
    const auto changes = config_changes(file.text(), taken.text);
    if (!file.text().empty() && file.text() != taken.text) {
        TRY_DO(may_replace(options, here, changes));
    }
    // What is odd about it was so where it comes from; only what cannot be read stays out.
    TRY(const auto notes, file.replace(taken.text, true));
    fmt::print("{}, of version {}, is {} now.\n", options.file, taken.version,
               shortened(here.paths, here.config_file));
    for (const std::string& line : changes) fmt::print("  {}\n", line);
    if (!taken.left.empty()) fmt::print("Not carried over:\n");
    for (const std::string& what : taken.left) fmt::print("  {}\n", what);
    for (const std::string& note : notes) fmt::print(stderr, "{}\n", note);
    return {};
}

}  // namespace

int import_config(const Options& options, const Surroundings& here) {
    const auto done = import(options, here);
    return done ? kDone : report(done.error());
}

}  // namespace ccr::cli
