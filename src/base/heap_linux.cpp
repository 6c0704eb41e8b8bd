#include <malloc.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>

#include "base/heap.h"

namespace ccr {

void keep_freed_memory() {
#ifdef __GLIBC__
    constexpr int kLargestBody = 32 << 20;
    constexpr int kKept = 64 << 20;
    mallopt(M_MMAP_THRESHOLD, kLargestBody);
    mallopt(M_TRIM_THRESHOLD, kKept);
#endif
}

#ifdef __GLIBC__
namespace {

std::size_t resident_after_last = 0;

// proc_pid_statm(5): the second number, in pages.
std::size_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t size = 0, resident = 0;
    file >> size >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

void give_back_freed_memory() {
    ::malloc_trim(0);
    resident_after_last = resident_bytes();
}

// Both, because what was given back still counts as free, and what came may be in use.
void give_back_much_freed_memory() {
    constexpr std::size_t kMuch = 4 << 20;
    const bool has_come = resident_bytes() > resident_after_last + kMuch;
    if (has_come && ::mallinfo2().fordblks > kMuch) give_back_freed_memory();
}
#else
void give_back_freed_memory() {}
void give_back_much_freed_memory() {}
#endif

}  // namespace ccr
