// StateFile: the table of records in state.sqlite, from its schema to its cap.
//
// One thread, the one of State. SQLite in WAL mode, so that two services of one user may share the
// file. Trouble is never fatal: a damaged file is set aside, everything else is told and tried
// again with the next batch.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/database.h"
#include "store/record.h"

namespace ccr::store {

/// One change, in the order in which it was asked for.
struct Change {
    enum class Kind : std::uint8_t { put, remove, clear };
    Kind kind = Kind::put;
    Record record;  // remove: kind and key; clear: kind
};

class StateFile {
  public:
    /// `most_bytes`: what the records may take up on disk.
    StateFile(std::string file, std::size_t most_bytes);

    /// All records, oldest first; nothing (and no file made) where there is no file.
    std::vector<Record> read() { return read(""); }
    /// Those of one kind; "" = all.
    std::vector<Record> read(std::string_view kind);
    /// Writes a batch as one transaction; the file is made where it is missing. False: nothing of
    /// it was written.
    bool write(std::span<const Change> changes);

  private:
    DatabaseResult<Database*> open();
    DatabaseResult<std::vector<Record>> read_rows(std::string_view kind);
    DatabaseResult<void> write_rows(std::span<const Change> changes);
    DatabaseResult<void> apply(std::span<const Change> changes);
    DatabaseResult<void> shrink();
    void set_aside();
    void complain(const DatabaseError& error);

    std::string file_;
    std::size_t most_bytes_;
    std::optional<Database> database_;
    std::string last_complaint_;  // the same one is told once
};

}  // namespace ccr::store
