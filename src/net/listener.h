// Accepts the connections of one listening socket and deals them out.
//
// Thread: its context's only. Lifetime: shared by its owner and its accepting coroutine.
#pragma once

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "net/async.h"
#include "net/listener_socket.h"

namespace ccr::net {

class Listener {
  public:
    /// Asked before each accept; while it says no, connections wait in the system's queue.
    using HasRoom = std::function<bool()>;
    /// Takes each accepted connection.
    using Deal = std::function<void(Descriptor)>;

    Listener(asio::io_context& context, ListeningSocket socket, HasRoom has_room, Deal deal);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Accepts until close().
    static Task<void> run(std::shared_ptr<Listener> self);

    /// Deals out what waits in the system's queue now.
    void take_waiting();
    /// The socket file is another process's from now on.
    void leave_file() { unix_path_.clear(); }
    /// Stops listening; removes the socket file if it is still this listener's.
    void close();

  private:
    enum class Pace : unsigned char { wait, pause };

    Pace accept_waiting();
    void remove_socket_file();

    asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor_;
    asio::steady_timer pause_;
    HasRoom has_room_;
    Deal deal_;
    std::string unix_path_;
    std::uint64_t file_ = 0;  // inode of the socket file
    bool closed_ = false;
    bool failing_ = false;
};

}  // namespace ccr::net
