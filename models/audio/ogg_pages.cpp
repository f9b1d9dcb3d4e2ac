// SPDX-License-Identifier: Apache-2.0
// Goes through an Ogg file (RFC 3533) by libogg, which compares the check sums of pages.
#include "models/audio/ogg_pages.h"

#include <ogg/ogg.h>

#include <cstring>
#include <map>
#include <new>

#include "tensor/check.h"

namespace thaw {
namespace {

class OggPages {
 public:
  explicit OggPages(std::string_view bytes) : rest_(bytes) { ogg_sync_init(&state_); }
  ~OggPages() { ogg_sync_clear(&state_); }
  OggPages(const OggPages&) = delete;
  OggPages& operator=(const OggPages&) = delete;

  // How many bytes the next page has; 0 or less if what follows is no whole page.
  long next(ogg_page& page) {
    for (;;) {
      const long size = ogg_sync_pageseek(&state_, &page);
      if (size != 0 || rest_.empty()) return size;
      feed(rest_.substr(0, block_bytes));
    }
  }

 private:
  static constexpr size_t block_bytes = 65'536;

  void feed(std::string_view block) {
    char* to = ogg_sync_buffer(&state_, static_cast<long>(block.size()));
    if (!to) throw std::bad_alloc();
    std::memcpy(to, block.data(), block.size());
    ogg_sync_wrote(&state_, static_cast<long>(block.size()));
    rest_.remove_prefix(block.size());
  }

  std::string_view rest_;
  ogg_sync_state state_{};
};

}  // namespace

std::string_view whole_ogg_pages(std::string_view bytes, const std::string& path) {
  OggPages pages(bytes);
  std::map<int, long> open;  // of each stream that has not ended, by its own number: that of its next page
  size_t at = 0;
  while (at < bytes.size() && (!open.empty() || bytes.substr(at).starts_with("OggS"))) {
    ogg_page page;
    const long size = pages.next(page);
    if (size <= 0) fail("{}: is damaged or cut off: what begins at byte {} is no whole page", path, at);
    const auto [stream, is_new] = open.emplace(ogg_page_serialno(&page), ogg_page_pageno(&page));
    if (is_new != (ogg_page_bos(&page) != 0) || ogg_page_pageno(&page) != stream->second++)
      fail("{}: is damaged: a page is missing before byte {}", path, at);
    if (ogg_page_eos(&page)) open.erase(stream);
    at += static_cast<size_t>(size);
  }
  if (!open.empty()) fail("{}: is cut off: its last page does not end it", path);
  return bytes.substr(0, at);
}

}  // namespace thaw
