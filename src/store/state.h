// State: what ccr keeps over a restart, in one capped file that its own thread reads and writes.
//
// put(), remove() and clear() never wait for the disk: they queue a change for the writer thread,
// and when the queue is full the change is dropped and counted. Readers keep their records in
// memory: each takes what the file held once that thread has read it. Without a usable file
// everything works, from memory alone.
//
// Any thread; the object must outlive its users' last call.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "store/state_file.h"

namespace ccr::store {

struct StateSettings {
    std::string file;                    // "" = memory only
    std::size_t most_bytes = 64u << 20;  // of the file
    std::size_t most_queued = 4096;      // changes not yet written
    std::size_t most_queued_bytes = 16u << 20;
};

class State {
  public:
    /// Starts the thread, which reads an existing file at once. The file itself is made by the
    /// first write.
    explicit State(StateSettings settings);
    /// Writes what is queued.
    ~State();
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    /// The records of one kind that the file held, oldest first; nullopt while it is still being
    /// read. Each kind can be taken once.
    std::optional<std::vector<Record>> take(std::string_view kind);
    /// Waits until the file has been read, which begins with the constructor. False: not in time.
    bool wait_loaded(std::chrono::milliseconds most);

    void put(Record record);
    void remove(std::string_view kind, std::string_view key);
    void clear(std::string_view kind);

    /// Waits until everything queued so far is written or given up.
    void flush();
    /// Changes that never reached the file: a full queue, or a file that could not be written.
    std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

  private:
    void queue(Change change);
    void work();
    void load();

    StateSettings settings_;
    StateFile file_;  // the thread's
    std::mutex mutex_;
    std::condition_variable wake_, settled_;
    std::vector<Change> queued_;
    std::size_t queued_bytes_ = 0;
    std::vector<Record> loaded_;
    bool is_loaded_ = false;
    bool writing_ = false;
    bool ending_ = false;
    bool tell_drops_ = true;  // the first drop is told, the rest is counted
    std::atomic<std::uint64_t> dropped_{0};
    std::thread thread_;
};

}  // namespace ccr::store
