// SPDX-License-Identifier: Apache-2.0
// Signatures of file formats and encodings.
#include "models/data/file_kind.h"

#include <fmt/format.h>

#include <algorithm>

#include "tensor/io/foreign_text.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  const char* kind;
  size_t offset = 0;
};

constexpr Signature signatures[] = {
    {"\x1F\x8B"sv, "is a gzip file within a gzip file: unpack it first (gunzip)"},
    {"BZh"sv, "is a bzip2 file: unpack it first (bunzip2)"},
    {"\xFD"
     "7zXZ"sv,
     "is an xz file: unpack it first (unxz)"},
    {"\x28\xB5\x2F\xFD"sv, "is a Zstandard file: unpack it first (unzstd)"},
    {"7z\xBC\xAF\x27\x1C"sv, "is a 7-Zip archive: unpack it first"},
    {"ustar"sv, "is a tar archive: unpack it first", 257},
    {"PAR1"sv, "is a Parquet file: write its rows as CSV or JSONL"},
    {"ARROW1"sv, "is an Arrow (Feather) file: write its rows as CSV or JSONL"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "is an old Excel workbook (.xls): save its sheet as CSV in UTF-8"},
    {"SQLite format 3\0"sv, "is an SQLite database: write its rows as CSV or JSONL"},
    {"\x89HDF\r\n"sv, "is an HDF5 file: write its rows as CSV or JSONL"},
    {"\x93NUMPY"sv, "is a NumPy array: write its rows as CSV or JSONL"},
    {"%PDF-"sv, "is a PDF document, not text"},
};

std::string zip_kind(std::string_view beginning) {
  if (beginning.find("xl/") != std::string_view::npos) return "is an Excel workbook: save its sheet as CSV in UTF-8";
  if (beginning.find("opendocument.spreadsheet") != std::string_view::npos)
    return "is an OpenDocument spreadsheet: save its sheet as CSV in UTF-8";
  return "is a zip archive: unpack it first (unzip)";
}

std::string in_encoding(std::string_view name) {
  return fmt::format("is {}, not UTF-8: save it as UTF-8 (iconv -f {} -t UTF-8)", name, name);
}

// The code unit of `size` bytes at bytes[at].
char32_t unit_at(std::string_view bytes, size_t at, size_t size, bool little) {
  char32_t value = 0;
  for (size_t i = 0; i < size; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + (little ? size - 1 - i : i)]);
  return value;
}

bool is_text(char32_t code) { return code >= 0x20 || code == '\t' || code == '\n' || code == '\r'; }

bool may_be_utf32(std::string_view bytes, bool little) {
  for (size_t at = 0; at < bytes.size(); at += 4)
    if (const char32_t code = unit_at(bytes, at, 4, little); !is_text(code) || code > 0x10FFFF) return false;
  return true;
}

// No surrogate is alone, no control is there, and a blank or a line end is.
bool may_be_utf16(std::string_view bytes, bool little) {
  bool after_lead = false, any_blank = false;
  for (size_t at = 0; at < bytes.size(); at += 2) {
    const char32_t unit = unit_at(bytes, at, 2, little);
    if (!is_text(unit) || (unit >= 0xDC00 && unit < 0xE000) != after_lead) return false;
    after_lead = unit >= 0xD800 && unit < 0xDC00;
    any_blank = any_blank || unit <= 0x20;
  }
  return any_blank;
}

// Without a byte order mark: text in UTF-8 has no NUL. Where there is but one now and then, it takes more to call the
// bytes UTF-16: that they are not UTF-8, or hold other controls.
std::string kind_by_zeros(std::string_view bytes) {
  const auto zeros = static_cast<size_t>(std::ranges::count(bytes, '\0'));
  bytes = bytes.substr(0, bytes.size() / 4 * 4);
  if (zeros == 0 || bytes.size() < 8) return "";
  for (const bool little : {true, false})
    if (may_be_utf32(bytes, little)) return in_encoding(little ? "UTF-32LE" : "UTF-32BE");
  constexpr size_t cut = 4;  // bytes of a character that the end may cut
  const bool has_controls =
      std::ranges::any_of(bytes, [](char c) { return c != '\0' && !is_text(static_cast<unsigned char>(c)); });
  if (zeros * 4 < bytes.size() && !has_controls && utf8_error_offset(bytes) + cut >= bytes.size()) return "";
  for (const bool little : {true, false})
    if (may_be_utf16(bytes, little)) return in_encoding(little ? "UTF-16LE" : "UTF-16BE");
  return "";
}

// Windows-1252 beyond Latin-1, from 0x80 on; 0 where it has nothing.
constexpr char32_t windows_1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                       0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

}  // namespace

std::string foreign_kind(std::string_view beginning) {
  if (beginning.starts_with("PK\x03\x04") || beginning.starts_with("PK\x05\x06")) return zip_kind(beginning);
  for (const Signature& signature : signatures)
    if (beginning.size() > signature.offset && beginning.substr(signature.offset).starts_with(signature.bytes))
      return signature.kind;
  if (beginning.starts_with("\xFF\xFE\0\0"sv)) return in_encoding("UTF-32LE");
  if (beginning.starts_with("\0\0\xFE\xFF"sv)) return in_encoding("UTF-32BE");
  if (beginning.starts_with("\xFF\xFE")) return in_encoding("UTF-16LE");
  if (beginning.starts_with("\xFE\xFF")) return in_encoding("UTF-16BE");
  return kind_by_zeros(beginning);
}

std::string foreign_header(std::string_view line) {
  if (is_web_page(line)) return "is an HTML page, not a table";
  if (is_git_lfs_pointer(line)) return "is a Git LFS pointer, not the data: `git lfs pull` gets them";
  return "";
}

std::string encoding_hint(std::string_view text, size_t bad) {
  const auto byte = static_cast<unsigned char>(text[bad]);
  const auto high = [&](size_t at) { return at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80; };
  const size_t run = !high(bad + 1) ? 1 : !high(bad + 2) ? 2 : 3;
  const bool is_cut_utf8 = run == 2 && byte >= 0xC0;
  const char32_t code = byte >= 0xA0 ? byte : windows_1252[byte - 0x80];
  if (run > 2 || is_cut_utf8 || (bad > 0 && high(bad - 1)) || code == 0)
    return fmt::format("0x{:02X}; if the file is in another encoding, save it as UTF-8", byte);
  std::string character;
  append_utf8(character, code);
  return fmt::format("0x{:02X}, which is {} in {}Windows-1252; save the file as UTF-8 (iconv -f WINDOWS-1252 -t UTF-8)",
                     byte, character, byte >= 0xA0 ? "Latin-1 and " : "");
}

}  // namespace thaw
