// Starter: the process that started this service in the background and waits to hear that it is
// ready.
//
// The two speak through the child's stderr, which is a pipe until then: a ready line carries the id
// of the instance that serves; anything else that comes before the end of the pipe says why there
// is none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccr::cli {

/// Tells the child the id its instance is to have.
inline constexpr const char* kInstanceVariable = "CCR_INSTANCE";
/// Names the control socket of the service whose place the child is to take.
inline constexpr const char* kPredecessorVariable = "CCR_PREDECESSOR";

class Starter {
  public:
    /// The starter named in the environment, which is cleared of it; nullopt in the foreground.
    static std::optional<Starter> take();

    const std::string& instance() const { return instance_; }
    const std::string& predecessor() const { return predecessor_; }  // "" = none
    /// Says that `instance` is ready and lets go of stderr.
    void announce(const std::string& instance) const;

  private:
    std::string instance_, predecessor_;
};

std::string ready_line(std::string_view instance);
/// The instance id of the ready line in `output`; nullopt while there is none.
std::optional<std::string> announced_instance(std::string_view output);

}  // namespace ccr::cli
