// TlsIdentity: what a listener needs to speak TLS: its certificate and key, and, where clients must
// show certificates too, the authorities that those come from.
//
// Any thread. Held by shared_ptr. A connection keeps the context that it began with; files that are
// replaced meanwhile hold for the connections after that.
#pragma once

#include <array>
#include <expected>
#include <memory>
#include <mutex>
#include <string>

#include "net/async.h"

struct ssl_ctx_st;

namespace ccr::net {

using TlsContext = std::shared_ptr<ssl_ctx_st>;

/// PEM files.
struct TlsFiles {
    std::string certificate;  // with the intermediate ones behind it
    std::string key;
    std::string client_ca;  // "" = clients need no certificate
    bool operator==(const TlsFiles&) const = default;
};

/// What is wrong with one of them.
struct TlsFault {
    enum class File : std::uint8_t { certificate, key, client_ca };
    File file = File::certificate;
    std::string message;  // names the file, what is wrong, and the next step
};

class TlsIdentity {
  public:
    static std::expected<std::shared_ptr<TlsIdentity>, TlsFault> load(TlsFiles files);

    /// For a new connection. Whether the files have changed is looked at once a second at most;
    /// new ones that are unusable are told of in the log, and the old ones stay in force.
    TlsContext context();

    /// Whole days that the certificate still holds.
    int days_left() const;

  private:
    /// Modification times and sizes.
    using Stamp = std::array<std::int64_t, 6>;

    TlsIdentity(TlsFiles files, TlsContext context, const Stamp& seen);
    static Stamp stamp_of(const TlsFiles& files);
    void read_again();

    const TlsFiles files_;
    mutable std::mutex mutex_;  // of all below
    TlsContext context_;
    Stamp seen_{};
    Deadline look_at_;
};

}  // namespace ccr::net
