// What ccr's exit codes mean. `ccr code` ends with the client's own.
#pragma once

namespace ccr::cli {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;  // it did not work; stderr says why
inline constexpr int kUsage = 2;   // the command line cannot be understood, or not in this version
inline constexpr int kNotExecutable = 126;  // as shells have it: the client cannot be run
inline constexpr int kNotFound = 127;       // the client was not found

}  // namespace ccr::cli
