// InstanceLock: an exclusive lock of the system on a file, held from taking it to the end of the
// process or of this object. A dead holder's lock is free at once, whatever it left on the disk.
//
// Owned by one thread. The file itself is never removed: two processes must not lock two files of
// one name.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "net/socket_calls.h"

namespace ccr::cli {

class InstanceLock {
  public:
    /// nullopt: another process holds it. Error (config): the file cannot be opened.
    static Result<std::optional<InstanceLock>> try_take(const std::string& path);
    /// A lock that another process has passed on; sign() once it is meant to be this one's.
    static InstanceLock adopt(net::Descriptor file);

    int descriptor() const { return file_.get(); }
    /// What the last holder left in the file; "" when it ended as it should.
    const std::string& left_behind() const { return left_behind_; }
    /// Writes this process's id into the file.
    void sign() const;
    /// Leaves it to whom it was passed on.
    void release() { file_ = net::Descriptor(); }
    /// Says in the file that its holder ends as it should.
    void say_goodbye() const;

  private:
    explicit InstanceLock(net::Descriptor file) : file_(std::move(file)) {}
    net::Descriptor file_;
    std::string left_behind_;
};

/// Whether some process holds the lock.
bool is_locked(const std::string& path);

/// The process id that the last holder wrote into the lock file; 0 when there is none.
int last_holder(const std::string& path);

/// What to say of a holder that does not answer, both without a full stop.
struct SilentHolder {
    bool is_changing = false;  // it has not signed yet, or has said goodbye
    std::string what, remedy;
};
/// `holder`: as last_holder() has it. `again`: what to do once it is gone, "`ccr start`".
SilentHolder silent_holder(const std::string& lock, int holder, const std::string& again);

}  // namespace ccr::cli
