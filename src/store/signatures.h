// SignatureStore: what providers want back beside their tool calls, for clients that drop it.
//
// Gemini signs a function call, OpenAI encrypts the reasoning before one, Anthropic signs the
// thinking of a tool turn, DeepSeek and Kimi want a call's reasoning_content: in the hub all of
// these are Reasoning parts that precede a ToolCall. They are remembered per call as answers pass
// (store/call_watch.h) and put back before a request is encoded (store/restored.h).
//
// A call is found again by its conversation, its provider and its id; by its name and arguments
// where the client keeps no ids. A conversation is known by the client's session and by its first
// user turn, so that it is also found when one of the two changes.
//
// Any thread. Bounded in number and bytes, the least recently used goes first; `state` must outlive
// it.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "chat/conversation.h"
#include "store/state.h"

namespace ccr::store {

/// Whose calls a request is about. Plain values.
struct CallScope {
    std::string provider;                    // by its name in the configuration
    std::vector<std::string> conversations;  // digests: of the session, of the first user turn
};
CallScope call_scope(const chat::Conversation& conversation, std::string_view session,
                     std::string_view provider);

/// One Reasoning part that preceded a call. Texts are escaped, as in the hub.
struct CallReasoning {
    std::string text, seal, details, provider, field;
    Protocol protocol = Protocol::anthropic;
    bool redacted = false;
    bool before_prose = false;  // prose stood between it and the call
};

struct SignedCall {
    std::string id, name, arguments;  // plain
    std::vector<CallReasoning> reasoning;
};

struct SignatureLimits {
    std::size_t calls = 4096;
    std::size_t bytes = 32u << 20;
    std::size_t bytes_of_one = 1u << 20;  // an encrypted reasoning has tens of kB
};

class SignatureStore {
  public:
    explicit SignatureStore(State& state, SignatureLimits limits = {});

    void remember(const CallScope& scope, const SignedCall& call);
    /// Whether anything of this provider is remembered at all; cheap.
    bool knows(std::string_view provider);
    /// What preceded the call: the `reasoning` as JSON, for store/restored.h.
    std::optional<std::string> find(const CallScope& scope, const chat::ToolCall& call);

    std::size_t size();
    std::size_t bytes();

  private:
    struct Entry {
        std::vector<std::string> names;  // digests it is found by; the first is its record's key
        std::string provider, reasoning;
        std::int64_t used_at = 0;
    };
    using Entries = std::list<Entry>;  // the least recently used first

    void ensure_loaded();
    void load(const Record& record);
    void add(Entry entry);
    void forget(Entries::iterator entry, bool in_file);
    void keep_within_limits();
    void use(Entries::iterator entry);
    void save(const Entry& entry);

    State& state_;
    const SignatureLimits limits_;
    std::mutex mutex_;
    bool is_loaded_ = false;
    Entries entries_;
    std::unordered_map<std::string, Entries::iterator> by_name_;
    std::unordered_map<std::string, std::size_t> calls_of_;  // by provider
    std::size_t bytes_ = 0;
};

}  // namespace ccr::store
