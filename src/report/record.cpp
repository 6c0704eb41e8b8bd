#include "report/record.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/sha256.h"
#include "base/timestamp.h"
#include "report/record_json.h"

namespace ccr::report {
namespace {

constexpr std::size_t kShortRequest = 8;
constexpr int kIndent = 2;

// Most of the first eight would be the same in all.
std::string short_id(std::string_view request) {
    constexpr std::string_view kStart = "req_";
    if (request.starts_with(kStart)) request.remove_prefix(kStart.size());
    return std::string(request.substr(0, kShortRequest));
}

std::string first_token_text(const Record& record) {
    if (!record.to_first_token) return "N/A";
    return fmt::format("{}ms", record.to_first_token->count());
}

}  // namespace

std::string prefix_of(const Record& record) {
    return record.is_final ? "[Token Speed Final]" : "[Token Speed]";
}

std::string file_name_part(const std::string& session) {
    std::string out = session;
    std::ranges::replace_if(
        out,
        [](char c) {
            return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '.');
        },
        '_');
    if (out == session) return out;
    // Two that differ in such characters alone are two.
    constexpr std::size_t kEnough = 8;
    return out + "-" + sha256_hex(session).substr(0, kEnough);
}

Json json_of(const Record& record) {
    using namespace std::chrono;
    Json out;
    out["requestId"] = short_id(record.request);
    out["sessionId"] = record.session;
    out["stream"] = record.stream;
    out["tokenCount"] = record.tokens;
    out["tokensPerSecond"] = record.tokens_per_second;
    out["timeToFirstToken"] = first_token_text(record);
    // Under a name of its own, because readers of version 2 know the other one as a text.
    if (record.to_first_token) out["timeToFirstTokenMs"] = record.to_first_token->count();
    out["duration"] = fmt::format("{:.2f}s", duration<double>(record.duration).count());
    out["timestamp"] = duration_cast<milliseconds>(record.time.time_since_epoch()).count();
    return out;
}

Json metadata_of(const Record& record, const std::string& metadata) {
    Json out = Json::parse(metadata, nullptr, false);
    if (!out.is_object()) out = Json::object();
    out["sessionId"] = record.session;
    out["requestId"] = record.request;
    return out;
}

std::string text_of(const Json& json, bool is_pretty) {
    return json.dump(is_pretty ? kIndent : -1, ' ', false, Json::error_handler_t::replace);
}

std::string to_json(const Record& record) {
    return text_of(json_of(record), true);
}

std::string webhook_body(const Record& record, bool with_time, const std::string& metadata) {
    Json out;
    out["data"] = json_of(record);
    if (with_time) out["timestamp"] = iso_timestamp(record.time);
    out["prefix"] = prefix_of(record);
    out["metadata"] = metadata_of(record, metadata);
    return text_of(out, false);
}

}  // namespace ccr::report
