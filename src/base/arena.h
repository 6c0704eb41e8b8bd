// Arena: owns bytes whose lifetime is one request or one reply.
//
// One thread at a time. Everything kept lives until the arena is destroyed; moving an arena keeps
// the addresses of what it holds.
#pragma once

#include <memory>
#include <memory_resource>
#include <string_view>

namespace ccr {

class Arena {
  public:
    Arena() : pool_(std::make_unique<std::pmr::monotonic_buffer_resource>(1024)) {}

    /// A copy of `bytes` that lives as long as the arena.
    std::string_view keep(std::string_view bytes);

    /// Uninitialised room for `size` bytes.
    char* allocate(std::size_t size) { return static_cast<char*>(pool_->allocate(size, 1)); }

  private:
    std::unique_ptr<std::pmr::monotonic_buffer_resource> pool_;
};

}  // namespace ccr
