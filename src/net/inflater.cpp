#include "net/inflater.h"

#include <zlib.h>

#include <array>

namespace ccr::net {
namespace {

constexpr int kEitherHeader = 32;  // zlib: gzip's and deflate's header are told apart

}  // namespace

struct Inflater::State {
    z_stream stream{};
    std::array<char, kPiece> out;
    bool ready = false;
};

bool Inflater::knows(std::string_view coding) {
    return coding == "gzip" || coding == "x-gzip" || coding == "deflate";
}

Inflater::Inflater() : state_(std::make_unique<State>()) {
    state_->ready = inflateInit2(&state_->stream, MAX_WBITS + kEitherHeader) == Z_OK;
}

Inflater::~Inflater() {
    if (state_->ready) inflateEnd(&state_->stream);
}

void Inflater::give(std::string_view bytes) {
    // zlib's interface is older than const; it only reads.
    state_->stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    state_->stream.avail_in = static_cast<uInt>(bytes.size());
}

Result<std::string_view> Inflater::take() {
    if (!state_->ready) return fail(ErrorKind::internal, "out of memory");
    if (ended_) return std::string_view();
    z_stream& stream = state_->stream;
    stream.next_out = reinterpret_cast<Bytef*>(state_->out.data());
    stream.avail_out = static_cast<uInt>(state_->out.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    ended_ = result == Z_STREAM_END;
    if (result != Z_OK && result != Z_BUF_ERROR && !ended_)
        return fail(ErrorKind::upstream_protocol, "its compressed body is broken");
    return std::string_view(state_->out.data(), state_->out.size() - stream.avail_out);
}

}  // namespace ccr::net
