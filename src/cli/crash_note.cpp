#include "cli/crash_note.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstring>
#include <string_view>

namespace ccr::cli {
namespace {

constexpr std::string_view kNote = "signal ";
constexpr std::array<int, 5> kCrashes{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

volatile sig_atomic_t lock_file = -1;

// Only what is safe in a signal handler.
void write_note(int number) {
    std::array<char, 16> text{};
    std::size_t length = kNote.copy(text.data(), kNote.size());
    if (number >= 10) text[length++] = static_cast<char>('0' + number / 10 % 10);
    text[length++] = static_cast<char>('0' + number % 10);
    text[length++] = '\n';
    struct stat found{};
    const int file = lock_file;
    if (::fstat(file, &found) == 0) {
        [[maybe_unused]] const auto written = ::pwrite(file, text.data(), length, found.st_size);
    }
    ::raise(number);  // its usual action by now, by SA_RESETHAND
}

}  // namespace

void note_crashes(int lock) {
    lock_file = lock;
    for (const int number : kCrashes) {
        struct sigaction now{};
        // A sanitizer's own report is worth more.
        if (::sigaction(number, nullptr, &now) != 0 || now.sa_handler != SIG_DFL) continue;
        struct sigaction noting{};
        noting.sa_handler = write_note;
        noting.sa_flags = static_cast<int>(SA_RESETHAND);
        ::sigaction(number, &noting, nullptr);
    }
}

std::string how_it_ended(const std::string& lock_text) {
    const auto at = lock_text.find(kNote);
    int number = 0;
    if (at != std::string::npos) {
        const char* first = lock_text.data() + at + kNote.size();
        std::from_chars(first, lock_text.data() + lock_text.size(), number);
    }
    if (number == 0) return "was killed, or the machine went down";
    return fmt::format("crashed (signal {}, {})", number, ::strsignal(number));
}

}  // namespace ccr::cli
