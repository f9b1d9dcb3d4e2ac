// SPDX-License-Identifier: Apache-2.0
// The header of .npy files: a literal of Python, padded with blanks to a multiple of 64 bytes.
#include "tensor/io/npy.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <system_error>

#include "tensor/check.h"
#include "tensor/io/mapped_file.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view magic = "\x93NUMPY\x01\x00"sv;
constexpr size_t begin_of_text = magic.size() + 2;  // behind the length of the text, little-endian
constexpr size_t header_bytes = 128;                // room for the longest numbers

std::string header(int64_t rows, int64_t columns) {
  std::string text(magic);
  text += static_cast<char>(header_bytes - begin_of_text);
  text += '\0';
  text += fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}", rows, columns);
  text.resize(header_bytes - 1, ' ');
  return text + '\n';
}

// Reads a dictionary of Python as NumPy writes it: strings, False or True, and a tuple of integers.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& path) : text_(text), path_(path) {}

  NpyArray read() {
    NpyArray array;
    bool any[3] = {};
    expect("{");
    while (!next_is("}")) {
      const std::string_view key = quoted();
      expect(":");
      if (key == "descr") {
        const std::string_view type = quoted();
        if (type != "<f4") fail("{}: holds numbers of type {}, expected <f4 (f32)", path_, quote_if_odd(type));
        any[0] = true;
      } else if (key == "fortran_order") {
        if (next_is("True")) fail("{}: is in column-major order (fortran_order)", path_);
        expect("False");
        any[1] = true;
      } else if (key == "shape") {
        read_shape(array);
        any[2] = true;
      } else {
        wrong();
      }
      if (!next_is(",")) {
        expect("}");
        break;
      }
    }
    skip_blanks();
    if (!text_.empty() || !any[0] || !any[1] || !any[2]) wrong();
    return array;
  }

 private:
  [[noreturn]] void wrong() const { fail("{}: its header is not one that NumPy writes", path_); }

  void skip_blanks() { text_.remove_prefix(std::min(text_.find_first_not_of(" \n"), text_.size())); }

  bool next_is(std::string_view token) {
    skip_blanks();
    if (!text_.starts_with(token)) return false;
    text_.remove_prefix(token.size());
    return true;
  }

  void expect(std::string_view token) {
    if (!next_is(token)) wrong();
  }

  std::string_view quoted() {
    expect("'");
    const size_t end = text_.find('\'');
    if (end == text_.npos) wrong();
    const std::string_view word = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return word;
  }

  void read_shape(NpyArray& array) {
    std::vector<int64_t> sizes;
    expect("(");
    while (!next_is(")")) {
      skip_blanks();
      int64_t size = -1;
      const auto result = std::from_chars(text_.data(), text_.data() + text_.size(), size);
      if (result.ec != std::errc() || size < 0) wrong();
      text_.remove_prefix(static_cast<size_t>(result.ptr - text_.data()));
      sizes.push_back(size);
      if (!next_is(",")) {
        expect(")");
        break;
      }
    }
    if (sizes.size() != 2)
      fail("{}: holds an array of {} dimension{}, expected 2: rows and columns", path_, sizes.size(),
           sizes.size() == 1 ? "" : "s");
    array.rows = sizes[0];
    array.columns = sizes[1];
  }

  std::string_view text_;
  const std::string& path_;
};

}  // namespace

NpyWriter::NpyWriter(const std::string& path, int64_t columns) : file_(path), columns_(columns) {
  check(columns >= 0, "{}: {} columns", path, columns);
  file_.write(header(0, columns));
}

void NpyWriter::write(std::span<const float> rows) {
  const auto width = static_cast<size_t>(columns_);
  check(width > 0 ? rows.size() % width == 0 : rows.empty(), "npy: {} numbers are no whole rows of {}", rows.size(),
        columns_);
  file_.write(std::as_bytes(rows));
  rows_ += width > 0 ? static_cast<int64_t>(rows.size() / width) : 0;
}

void NpyWriter::commit() {
  file_.overwrite(0, header(rows_, columns_));
  file_.commit();
}

NpyArray read_npy(const std::string& path) {
  const MappedFile file(path);
  return parse_npy({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()}, path);
}

NpyArray parse_npy(std::string_view bytes, const std::string& path) {
  if (!bytes.starts_with(magic.substr(0, 6))) fail("{}: is no .npy file", path);
  if (!bytes.starts_with(magic) && bytes.size() >= magic.size())
    fail("{}: is a .npy file of version {}.{}, expected 1.0", path, static_cast<unsigned char>(bytes[6]),
         static_cast<unsigned char>(bytes[7]));
  const auto byte = [&](size_t i) { return static_cast<size_t>(static_cast<unsigned char>(bytes[i])); };
  const size_t text = bytes.size() < begin_of_text ? 0 : byte(magic.size()) | byte(magic.size() + 1) << 8;
  if (bytes.size() < begin_of_text + text) fail("{}: is cut off within its header", path);
  NpyArray array = HeaderReader(bytes.substr(begin_of_text, text), path).read();
  const std::string_view data = bytes.substr(begin_of_text + text);
  const auto rows = static_cast<size_t>(array.rows), columns = static_cast<size_t>(array.columns);
  const size_t most = data.size() / sizeof(float);  // so that the product does not overflow
  if ((columns > 0 && rows > most / columns) || rows * columns * sizeof(float) != data.size())
    fail("{}: has {} bytes of numbers, its header says {} x {}", path, data.size(), rows, columns);
  array.values.resize(rows * columns);
  if (!data.empty()) std::memcpy(array.values.data(), data.data(), data.size());
  return array;
}

}  // namespace thaw
