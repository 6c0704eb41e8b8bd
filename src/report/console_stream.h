// ConsoleStream: the service's own output, written to without ever waiting for its reader.
//
// One thread at a time. The descriptor is shared with other processes, so its flags stay as they
// are: a terminal or a pipe is opened once more. Where that is not possible, a thread writes that
// may wait for ever and outlive this object; the process ends without it.
#pragma once

#include <memory>
#include <string>

#include "net/socket_calls.h"
#include "report/reopen.h"

namespace ccr::report {

class ConsoleStream {
  public:
    /// `descriptor` stays its owner's.
    explicit ConsoleStream(int descriptor, net::Descriptor (*reopen)(int) = reopened);
    ~ConsoleStream();
    ConsoleStream(const ConsoleStream&) = delete;
    ConsoleStream& operator=(const ConsoleStream&) = delete;

    /// `text` follows what was begun before; while that finds no room, it is dropped.
    void put(std::string text);

  private:
    class Waiting;
    long write_some() const;
    bool write_rest();

    int descriptor_;
    bool is_socket_ = false;
    net::Descriptor opened_;
    std::shared_ptr<Waiting> waiting_;
    std::string rest_;  // begun, or next
};

}  // namespace ccr::report
