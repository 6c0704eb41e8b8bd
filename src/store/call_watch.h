// CallWatch: reads one answer along and remembers the reasoning that preceded its tool calls.
//
// Fed with what the client is about to see, so that calls are known by the names and arguments the
// client will send back. One answer, one thread; `signatures` must outlive it.
#pragma once

#include <string>
#include <vector>

#include "chat/stream_event.h"
#include "store/signatures.h"

namespace ccr::store {

class CallWatch {
  public:
    CallWatch(SignatureStore& signatures, CallScope scope);

    const CallScope& scope() const { return scope_; }
    /// Nothing is remembered of a stream that does not finish.
    void feed(const chat::StreamEvent& event);
    void feed(const chat::Reply& reply);

  private:
    void on(const chat::Opened& opened);
    void on(const chat::Delta& delta);
    void on(const chat::Closed&);
    void on(const chat::Finished&);
    template <typename Other>
    void on(const Other&) {}

    void saw_prose();
    void saw_call(SignedCall call);
    void remember();

    SignatureStore& signatures_;
    CallScope scope_;
    chat::BlockKind open_ = chat::BlockKind::text;
    std::string arguments_;                 // of the open call, escaped
    SignedCall call_;                       // the open one
    std::vector<CallReasoning> reasoning_;  // since the last call; the last may be open
    std::vector<SignedCall> calls_;
};

}  // namespace ccr::store
