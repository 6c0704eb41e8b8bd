// An HTTP/1.1 answer of any bytes: nothing is read or written past its end, and any split gives the
// same. The first byte is the size of the pieces, less one.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "net/answer_reader.h"

namespace {

struct Outcome {
    std::string body;
    std::string problem;
    int status = 0;
    bool done = false;
    bool keeps = false;
    bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view bytes, std::size_t step) {
    ccr::net::AnswerReader reader;
    Outcome out;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        const std::string_view piece = bytes.substr(at, step);
        // An allocation of its own, so that a sanitizer sees its end.
        std::vector<char> copy(piece.begin(), piece.end());
        out.body += reader.feed(copy);
    }
    out.keeps = reader.keeps_connection();
    reader.finish();
    out.problem = reader.problem();
    out.status = reader.status();
    out.done = reader.done();
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Outcome whole = read(bytes, bytes.size());
    if (read(bytes, data[0] + std::size_t{1}) != whole || read(bytes, 1) != whole) std::abort();
    if (whole.body.size() > bytes.size()) std::abort();
    return 0;
}
