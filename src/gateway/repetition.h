// Repetition: what a model that was asked to go on with an answer says over again.
//
// Some begin anew in spite of the request. As long as their text is the delivered one's beginning
// it is held back. When all of that was said again, and something else follows, it is dropped, and
// so it is where the delivered text had come to its end; in every other case it comes late but
// whole, because an answer may repeat itself. For the same reason it is not looked for where a
// repetition could be meant: the delivered text is short, has repeated its beginning itself, or
// stops where a line or a sentence may begin again.
//
// Lives in a Continuation.
#pragma once

#include <string>
#include <string_view>

namespace ccr::gateway {

class Repetition {
  public:
    /// Plain text that the client has; looked for in what is taken from now on. `ended`: it was
    /// not cut, so that the same text alone adds nothing to it.
    void expect(std::string delivered, bool ended = false);

    /// What the client is to get of `text` now.
    std::string take(std::string_view text);

    /// Nothing more comes: what was held back.
    std::string rest();

    bool looking() const { return looking_; }

  private:
    std::string delivered_;
    std::string held_;
    bool ended_ = false;
    bool looking_ = false;
};

}  // namespace ccr::gateway
