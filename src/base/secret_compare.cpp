#include "base/secret_compare.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace ccr {

// Digests have one length, so not even the length of the secret shows.
bool secrets_equal(std::string_view a, std::string_view b) {
    unsigned char da[SHA256_DIGEST_LENGTH], db[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(a.data()), a.size(), da);
    SHA256(reinterpret_cast<const unsigned char*>(b.data()), b.size(), db);
    return CRYPTO_memcmp(da, db, sizeof da) == 0;
}

}  // namespace ccr
