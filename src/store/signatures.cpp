#include "store/signatures.h"

#include <algorithm>
#include <chrono>

#include "json/document.h"
#include "json/writer.h"
#include "store/digest.h"

namespace ccr::store {
namespace {

using json::Text;
using json::View;
using json::Writer;

constexpr std::string_view kKind = "signature";
constexpr std::int64_t kFreshMs = 3'600'000;  // a use is written down once an hour

std::int64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::string written(const std::vector<CallReasoning>& reasoning) {
    std::string out;
    Writer w(out);
    w.open_array();
    for (const CallReasoning& item : reasoning) {
        w.open_object()
            .member("wire", name_of(item.protocol))
            .member("provider", Text::from_escaped(item.provider))
            .member("field", Text::from_escaped(item.field))
            .member("text", Text::from_escaped(item.text))
            .member("seal", Text::from_escaped(item.seal));
        if (!item.details.empty()) w.member_raw("details", item.details);
        if (item.redacted) w.key("redacted").boolean(true);
        if (item.before_prose) w.key("before_prose").boolean(true);
        w.close_object();
    }
    w.close_array();
    return out;
}

// Clients write arguments anew: blanks, escapes and the order of members are theirs.
std::string canonical_arguments(std::string_view arguments) {
    json::Document document;
    const auto root = document.parse(arguments);
    return root ? canonical(*root) : std::string(arguments);
}

std::string name_by_id(const std::string& conversation, const std::string& provider,
                       std::string_view id) {
    return digest({"id", conversation, provider, id});
}

std::string name_by_content(const std::string& conversation, const std::string& provider,
                            std::string_view tool, std::string_view arguments) {
    return digest({"call", conversation, provider, tool, arguments});
}

// How a conversation begins: the size and both ends of its first user turn, where clients put what
// is the same everywhere first and the prompt last. Cheap, since every request is asked.
std::string beginning_of(const chat::Conversation& conversation) {
    constexpr std::size_t kHead = 1024, kTail = 3072;
    for (const chat::Turn& turn : conversation.turns) {
        if (turn.role != chat::Role::user) continue;
        std::string_view first, last;
        std::size_t size = 0;
        for (const chat::Part& part : turn.parts) {
            const auto* prose = part.as<chat::Prose>();
            if (!prose) continue;
            last = prose->text.escaped();
            if (first.empty()) first = last;
            size += last.size();
        }
        const std::size_t tail = std::min(last.size(), kTail);
        return digest({"begins", std::to_string(size), first.substr(0, kHead),
                       last.substr(last.size() - tail)});
    }
    return digest({"begins"});
}

}  // namespace

CallScope call_scope(const chat::Conversation& conversation, std::string_view session,
                     std::string_view provider) {
    CallScope scope{std::string(provider), {}};
    if (!session.empty()) scope.conversations.push_back(digest({"session", session}));
    scope.conversations.push_back(beginning_of(conversation));
    return scope;
}

SignatureStore::SignatureStore(State& state, SignatureLimits limits)
    : state_(state), limits_(limits) {}

void SignatureStore::ensure_loaded() {
    if (is_loaded_) return;
    auto records = state_.take(kKind);
    if (!records) return;
    is_loaded_ = true;
    // What was remembered meanwhile is newer than anything in the file.
    Entries meanwhile = std::exchange(entries_, {});
    by_name_.clear();
    calls_of_.clear();
    bytes_ = 0;
    for (const Record& record : *records) load(record);
    for (Entry& entry : meanwhile) add(std::move(entry));
    keep_within_limits();
}

void SignatureStore::load(const Record& record) {
    json::Document document;
    const auto root = document.parse(record.value);
    if (!root || !(*root)["reasoning"].is_array()) return;
    Entry entry;
    for (const View name : (*root)["names"].elements()) entry.names.push_back(name.text().decode());
    if (entry.names.empty() || entry.names.front() != record.key) return;
    entry.provider = (*root)["provider"].text().decode();
    entry.reasoning = (*root)["reasoning"].raw();
    entry.used_at = record.used_at;
    add(std::move(entry));
}

void SignatureStore::save(const Entry& entry) {
    std::string value;
    Writer w(value);
    w.open_object().member("provider", std::string_view(entry.provider)).key("names").open_array();
    for (const std::string& name : entry.names) w.string(name);
    w.close_array().member_raw("reasoning", entry.reasoning).close_object();
    state_.put({std::string(kKind), entry.names.front(), std::move(value), entry.used_at});
}

void SignatureStore::add(Entry entry) {
    if (const auto same = by_name_.find(entry.names.front()); same != by_name_.end())
        forget(same->second, false);
    bytes_ += entry.reasoning.size();
    ++calls_of_[entry.provider];
    entries_.push_back(std::move(entry));
    // A name that two calls share leads to the later one.
    for (const std::string& name : entries_.back().names)
        by_name_[name] = std::prev(entries_.end());
}

void SignatureStore::forget(Entries::iterator entry, bool in_file) {
    for (const std::string& name : entry->names) {
        const auto found = by_name_.find(name);
        if (found != by_name_.end() && found->second == entry) by_name_.erase(found);
    }
    if (in_file) state_.remove(kKind, entry->names.front());
    bytes_ -= entry->reasoning.size();
    const auto calls = calls_of_.find(entry->provider);
    if (--calls->second == 0) calls_of_.erase(calls);
    entries_.erase(entry);
}

void SignatureStore::keep_within_limits() {
    while (entries_.size() > limits_.calls || bytes_ > limits_.bytes)
        forget(entries_.begin(), true);
}

void SignatureStore::remember(const CallScope& scope, const SignedCall& call) {
    Entry entry{{}, scope.provider, written(call.reasoning), now_ms()};
    if (entry.reasoning.size() > limits_.bytes_of_one) return;
    const std::string arguments = canonical_arguments(call.arguments);
    for (const std::string& conversation : scope.conversations) {
        if (!call.id.empty())
            entry.names.push_back(name_by_id(conversation, scope.provider, call.id));
        entry.names.push_back(name_by_content(conversation, scope.provider, call.name, arguments));
    }
    if (entry.names.empty()) return;
    const std::lock_guard lock(mutex_);
    ensure_loaded();
    save(entry);
    add(std::move(entry));
    keep_within_limits();
}

bool SignatureStore::knows(std::string_view provider) {
    const std::lock_guard lock(mutex_);
    ensure_loaded();
    return calls_of_.contains(std::string(provider));
}

void SignatureStore::use(Entries::iterator entry) {
    entries_.splice(entries_.end(), entries_, entry);
    const std::int64_t now = now_ms();
    if (now - entry->used_at < kFreshMs) return;
    entry->used_at = now;
    save(*entry);
}

std::optional<std::string> SignatureStore::find(const CallScope& scope,
                                                const chat::ToolCall& call) {
    std::vector<std::string> names;
    const std::string id = call.id.decode();
    const std::string tool = call.name.decode();
    for (const std::string& conversation : scope.conversations) {
        if (!id.empty()) names.push_back(name_by_id(conversation, scope.provider, id));
    }
    const std::string arguments = canonical_arguments(call.arguments);
    for (const std::string& conversation : scope.conversations)
        names.push_back(name_by_content(conversation, scope.provider, tool, arguments));
    const std::lock_guard lock(mutex_);
    ensure_loaded();
    for (const std::string& name : names) {
        const auto found = by_name_.find(name);
        if (found == by_name_.end()) continue;
        use(found->second);
        return found->second->reasoning;
    }
    return std::nullopt;
}

std::size_t SignatureStore::size() {
    const std::lock_guard lock(mutex_);
    ensure_loaded();
    return entries_.size();
}

std::size_t SignatureStore::bytes() {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

}  // namespace ccr::store
