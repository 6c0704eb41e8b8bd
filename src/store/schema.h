// The schema of state.sqlite and the steps from one version of it to the next.
//
// The version stands in the file's own header (PRAGMA user_version). A file of a later version is
// left alone.
#pragma once

#include "store/database.h"

namespace ccr::store {

/// Brings the file to this version's schema. Error also when the file is of a later version.
DatabaseResult<void> migrate(Database& database);

}  // namespace ccr::store
