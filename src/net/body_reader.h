// Reads the body of one request off its connection, straight into one padded string.
//
// Thread: the connection's. Lifetime: one request; the socket and the limits outlive it.
#pragma once

#include <chrono>
#include <string>

#include "base/error.h"
#include "net/body_budget.h"
#include "net/chunk_decoder.h"
#include "net/connection_socket.h"
#include "net/request_head.h"

namespace ccr::net {

class BodyReader {
  public:
    BodyReader(ConnectionSocket& socket, BodyFraming framing, const ServerLimits& limits,
               BodyBudget& budget);

    /// Exchange::read_body. From the body's end on the socket is watched.
    Task<Result<std::string>> read(std::size_t limit);

    /// What was read is held no longer.
    void forget() { share_.give_back(); }
    /// The last byte of the body has been read.
    bool finished() const { return finished_; }
    /// The connection can serve another request: what is left of the body is small enough to drop.
    bool can_drain() const;
    /// Reads and drops what is left. False when the connection must close instead.
    Task<bool> drain();

  private:
    Task<Result<void>> read_length(std::string& body);
    Task<Result<void>> read_chunked(std::string& body, std::size_t limit);
    Task<Result<void>> receive_data(std::string& body, std::size_t& size);
    Task<Result<void>> send_continue();
    Result<std::size_t> drop_from_inbox();
    void finish();

    ConnectionSocket& socket_;
    const ServerLimits& limits_;
    BodyFraming framing_;
    BodyShare share_;  // of the bodies that the server holds
    ChunkDecoder chunks_;
    std::uint64_t left_ = 0;  // with BodyKind::length
    bool asked_ = false;
    bool finished_ = false;
    bool broken_ = false;
};

}  // namespace ccr::net
