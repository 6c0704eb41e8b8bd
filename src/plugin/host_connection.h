// HostConnection: one thread's socket to one run of the plugin host, and the calls under way on it.
//
// The io_context's thread only. Held by shared_ptr, because reads and writes are still queued when
// nobody else holds it.
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/error.h"
#include "plugin/frame.h"
#include "plugin/host_process.h"

namespace ccr::plugin {

/// Who waits for the frames of a call. Its methods queue, they run nothing.
class FrameSink {
  public:
    virtual ~FrameSink() = default;
    virtual void on_frame(const Frame& frame) = 0;
    /// The host said that it is up; calls begun before wait for it.
    virtual void on_up() = 0;
    virtual void on_lost(const Error& error) = 0;
};

class HostConnection : public std::enable_shared_from_this<HostConnection> {
  public:
    /// Takes `socket` over.
    HostConnection(net::asio::io_context& context, int socket,
                   std::shared_ptr<HostProcess> process);

    void start();
    void close();
    /// Closes it when the calls under way have ended.
    void retire();
    bool is_up() const { return up_; }
    bool is_lost() const { return lost_; }
    const std::shared_ptr<HostProcess>& process() const { return process_; }
    /// Whether the host has this configuration already; notes it.
    bool knows(std::uint64_t settings);

    std::uint32_t add(FrameSink& sink);
    void remove(std::uint32_t call);
    void send(const Frame& frame);
    /// Bytes that the host has not taken yet.
    std::size_t queued() const { return queued_.size() + writing_.size(); }
    /// A call was not answered in time: if the host answers nothing else either, it is ended, and
    /// `why` is told.
    void doubt(std::string why);

  private:
    void read();
    void write();
    void take(const Frame& frame);
    void lose();
    void tell_lost();

    net::asio::io_context& context_;
    net::asio::local::stream_protocol::socket socket_;
    net::asio::steady_timer doubt_, grace_;
    std::shared_ptr<HostProcess> process_;
    FrameReader reader_;
    std::string queued_, writing_;
    std::unordered_map<std::uint32_t, FrameSink*> sinks_;
    std::uint32_t last_call_ = 0;
    std::uint64_t settings_ = 0;
    bool knows_settings_ = false;
    bool up_ = false;
    bool lost_ = false;
    bool doubting_ = false;
    bool retired_ = false;
};

}  // namespace ccr::plugin
