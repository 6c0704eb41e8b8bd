#include "report/tracker.h"

#include <algorithm>
#include <cmath>

namespace ccr::report {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

std::int64_t speed(std::int64_t tokens, microseconds time) {
    if (time.count() <= 0) return 0;
    return std::llround(static_cast<double>(tokens) / std::chrono::duration<double>(time).count());
}

milliseconds rounded(microseconds time) {
    return std::chrono::round<milliseconds>(time);
}

// The provider knows best how many tokens it sent, where it came to say so.
std::int64_t tokens_of(const event::Settled& settled, std::int64_t counted, bool is_of_several) {
    const std::int64_t told = settled.output.value_or(0);
    if (settled.outcome == "ok" && !is_of_several && told > 0) return told;
    return std::max(counted, told);
}

}  // namespace

void Tracker::begin(const std::string& request, const std::string& session) {
    const std::lock_guard lock(mutex_);
    measured_[request].session = session;
    count_ = measured_.size();
}

std::optional<Record> Tracker::hear(const event::Event& event, WallClock::time_point now) {
    const std::lock_guard lock(mutex_);
    std::optional<Record> record;
    const std::string& request =
        std::visit([](const auto& e) -> const std::string& { return e.request; }, event);
    const auto found = measured_.find(request);
    if (found == measured_.end()) return std::nullopt;
    Measured& measured = found->second;
    if (std::holds_alternative<event::Began>(event)) measured.has_begun = true;
    if (std::holds_alternative<event::Attempted>(event))
        measured.went_on_elsewhere = measured.went_on_elsewhere || measured.has_begun;
    if (const auto* written = std::get_if<event::Written>(&event))
        record = said(*written, measured);
    if (const auto* settled = std::get_if<event::Settled>(&event))
        record = ended(*settled, measured);
    if (record) {
        record->request = request;
        record->session = measured.session;
        record->time = now;
    }
    if (std::holds_alternative<event::Settled>(event)) {
        measured_.erase(found);
        count_ = measured_.size();
    }
    return record;
}

std::optional<Record> Tracker::said(const event::Written& written, Measured& measured) {
    const microseconds since = std::max(measured.last.to_last_content, written.to_first_content);
    const std::int64_t tokens = written.tokens - measured.last.tokens;
    measured.last = written;
    if (written.ended) return std::nullopt;  // what is left to say is the final record's
    Record record;
    record.stream = true;
    record.tokens = written.tokens;
    record.tokens_per_second = speed(tokens, written.to_last_content - since);
    record.to_first_token = rounded(written.to_first_content);
    record.duration = rounded(written.to_last_content);
    return record;
}

std::optional<Record> Tracker::ended(const event::Settled& settled, const Measured& measured) {
    if (settled.to_first_content.count() <= 0) return std::nullopt;
    Record record;
    record.is_final = true;
    record.stream = settled.streamed;
    record.tokens = tokens_of(settled, measured.last.tokens, measured.went_on_elsewhere);
    // A stream that falls silent is over, for its speed, with the last that it said.
    const microseconds written = measured.last.to_last_content;
    const microseconds time = settled.streamed && written.count() > 0 ? written : settled.total;
    record.duration = rounded(time);
    record.tokens_per_second = speed(record.tokens, time);
    if (settled.streamed) record.to_first_token = rounded(settled.to_first_content);
    return record;
}

}  // namespace ccr::report
