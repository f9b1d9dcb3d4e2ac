// SPDX-License-Identifier: Apache-2.0
// Looks at the first bytes of a file.
#include "tensor/io/foreign_file.h"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "tensor/check.h"
#include "tensor/io/foreign_text.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

constexpr size_t looked_at = 512;  // bytes

std::string beginning_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(looked_at, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(std::max<std::streamsize>(0, file.gcount())));
  return bytes;
}

// "of 90868376 bytes" of a pointer's line "size 90868376"
std::string pointed_size(std::string_view text) {
  const size_t line = text.find("\nsize ");
  if (line == std::string_view::npos) return {};
  const std::string_view rest = text.substr(line + 6);
  const std::string_view digits = rest.substr(0, std::min(rest.size(), rest.find_first_not_of("0123456789")));
  return digits.empty() || digits.size() > 20 ? std::string() : fmt::format(" (of {} bytes)", digits);
}

// What a file is that should be one of weights; empty if nothing known.
std::string other_format(std::string_view text) {
  using namespace std::string_view_literals;
  if (text.starts_with("PK\x03\x04"sv) || text.starts_with("\x80\x02"sv) || text.starts_with("\x80\x04"sv))
    return "a PyTorch file (a pickle, which is not read)";
  if (text.starts_with("\x89HDF"sv)) return "an HDF5 file";
  if (text.starts_with("GGUF"sv)) return "a GGUF file";
  if (text.starts_with("\x1F\x8B"sv)) return "a gzip archive";
  const bool printable =
      std::ranges::all_of(text, [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\r'; });
  if (text.size() >= 8 && text.size() < looked_at && printable) return fmt::format("a text: {}", quote(text));
  return {};
}

}  // namespace

void check_not_foreign(const std::string& path) {
  const std::string text = beginning_of(path);
  if (is_git_lfs_pointer(text))
    fail("{}: is a Git LFS pointer, not the file itself{}: fetch it with \"git lfs pull\", or download it", path,
         pointed_size(text));
  if (is_web_page(text)) fail("{}: is a web page (HTML), not the file: download it anew", path);
  if (!path.ends_with(".safetensors")) return;
  if (const std::string format = other_format(text); !format.empty())
    fail("{}: is {}, not a safetensors file", path, format);
}

}  // namespace thaw
