// A record as JSON values, for the handlers' own forms. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "report/record.h"

namespace ccr::report {

using Json = nlohmann::ordered_json;

Json json_of(const Record& record);
/// `metadata` (an object's JSON text, or "") with the session and the whole id of the request.
Json metadata_of(const Record& record, const std::string& metadata);
/// Bytes that are no UTF-8 come as U+FFFD.
std::string text_of(const Json& json, bool is_pretty);

}  // namespace ccr::report
