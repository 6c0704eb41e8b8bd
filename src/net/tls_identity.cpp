#include "net/tls_identity.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <filesystem>
#include <system_error>

#include "base/log.h"
#include "net/tls_files.h"

namespace ccr::net {
namespace {

constexpr std::chrono::seconds kLookAgain{1};

}  // namespace

std::expected<std::shared_ptr<TlsIdentity>, TlsFault> TlsIdentity::load(TlsFiles files) {
    const Stamp seen = stamp_of(files);  // before they are read: what comes meanwhile is newer
    auto context = read_tls_files(files);
    if (!context) return std::unexpected(std::move(context).error());
    return std::shared_ptr<TlsIdentity>(
        new TlsIdentity(std::move(files), std::move(*context), seen));
}

TlsIdentity::TlsIdentity(TlsFiles files, TlsContext context, const Stamp& seen)
    : files_(std::move(files)),
      context_(std::move(context)),
      seen_(seen),
      look_at_(Clock::now() + kLookAgain) {}

TlsIdentity::Stamp TlsIdentity::stamp_of(const TlsFiles& files) {
    Stamp out{};
    auto next = out.begin();
    for (const std::string* path : {&files.certificate, &files.key, &files.client_ca}) {
        struct stat found{};
        if (::stat(path->c_str(), &found) != 0) found = {};
        std::error_code none;
        *next++ = std::filesystem::last_write_time(*path, none).time_since_epoch().count();
        *next++ = static_cast<std::int64_t>(found.st_size ^ static_cast<off_t>(found.st_ino));
    }
    return out;
}

TlsContext TlsIdentity::context() {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    if (now >= look_at_) {
        look_at_ = now + kLookAgain;
        read_again();
    }
    return context_;
}

void TlsIdentity::read_again() {
    const Stamp now = stamp_of(files_);
    if (now == seen_) return;
    seen_ = now;
    auto fresh = read_tls_files(files_);
    if (fresh) {
        context_ = std::move(*fresh);
        log::info("the TLS certificate was replaced and is in force",
                  {{"file", files_.certificate}});
    } else {
        log::error("the TLS files have changed but cannot be used; the old ones stay in force",
                   {{"err", fresh.error().message}});
    }
}

int TlsIdentity::days_left() const {
    const std::lock_guard lock(mutex_);
    int days = 0;
    int seconds = 0;
    const ASN1_TIME* end = X509_get0_notAfter(SSL_CTX_get0_certificate(context_.get()));
    return ASN1_TIME_diff(&days, &seconds, nullptr, end) == 1 ? days : 0;
}

}  // namespace ccr::net
