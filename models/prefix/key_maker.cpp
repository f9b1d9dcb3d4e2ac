// SPDX-License-Identifier: Apache-2.0
// Cuts a checksum down to a key.
#include "models/prefix/key_maker.h"

#include <cstring>

#include "models/input/row_source.h"

namespace thaw {

Key128 KeyMaker::key() {
  Key128 key;
  const Sha256::Digest digest = sum_.digest();
  std::memcpy(key.bits.data(), digest.data(), sizeof(key.bits));
  return key;
}

Key128 text_key(const Encoding& text) {
  KeyMaker maker;
  maker.add(std::as_bytes(std::span(text.ids)));
  maker.add(std::as_bytes(std::span(text.type_ids)));
  if (text.rows) maker.add(text.rows->identity());
  return maker.key();
}

}  // namespace thaw
