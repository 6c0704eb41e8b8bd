// Restored: a conversation with the reasoning in it that its client left out, for one encoding.
//
// Another target wants other reasoning, or none: the conversation is as it was when this ends. One
// thread; conversation and store must outlive it.
#pragma once

#include <utility>
#include <vector>

#include "store/signatures.h"

namespace ccr::store {

class Restored {
  public:
    /// Puts back, before every tool call that came without it, what `scope.provider` wants there.
    Restored(chat::Conversation& conversation, SignatureStore& signatures, const CallScope& scope);
    ~Restored();
    Restored(const Restored&) = delete;
    Restored& operator=(const Restored&) = delete;

    /// How many calls got their reasoning back.
    std::size_t calls() const { return calls_; }

  private:
    void restore(std::size_t turn, SignatureStore& signatures, const CallScope& scope);

    chat::Conversation& conversation_;
    std::vector<std::pair<std::size_t, std::vector<chat::Part>>> before_;  // by turn
    std::size_t calls_ = 0;
};

}  // namespace ccr::store
