// Repetition: what a model that was asked to go on with an answer says over again.
//
// Some begin anew in spite of the request. As long as their text is the delivered one's beginning
// it is held back; once all of that was said again it is dropped, and when it turns out to be
// something else it comes late but whole. A beginning too short to tell is not looked for.
//
// Lives in a Continuation.
#pragma once

#include <string>
#include <string_view>

namespace ccr::gateway {

class Repetition {
  public:
    /// Plain text that the client has; looked for in what is taken from now on.
    void expect(std::string delivered);

    /// What the client is to get of `text` now.
    std::string take(std::string_view text);

    /// Nothing more comes: what was held back and is no repetition.
    std::string rest();

    bool looking() const { return looking_; }

  private:
    std::string delivered_;
    std::string held_;
    bool looking_ = false;
};

}  // namespace ccr::gateway
