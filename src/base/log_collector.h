// Collector: lines of many requests, written by one thread in one go.
//
// Any thread adds; one thread of its own, started with the first line, writes. A disk that hangs
// holds up that thread and nobody else: beyond a bound, lines are counted instead of kept. Nothing
// here throws.
#pragma once

#include <unistd.h>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace ccr::log {

class Collector {
  public:
    struct Batch {
        std::string lines;      // whole ones, line feeds included
        std::size_t count = 0;  // how many
        std::size_t lost = 0;   // how many more there were no room for
    };
    /// `write` is called by one thread at a time, until close() has returned.
    using Write = std::function<void(const Batch&)>;
    explicit Collector(Write write) : write_(std::move(write)) {}
    ~Collector() { close(); }
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;

    /// Takes one line, its line feed included; it is written a few milliseconds later.
    void add(std::string_view line);
    /// Writes what is there and ends; later lines are dropped.
    void close();

  private:
    void run();

    Write write_;
    std::mutex mutex_;
    std::condition_variable wake_;
    Batch pending_;
    bool closed_ = false;
    pid_t owner_ = 0;  // a fork inherits the object, but not its thread
    std::thread thread_;
};

}  // namespace ccr::log
