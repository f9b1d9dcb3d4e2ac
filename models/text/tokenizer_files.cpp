// SPDX-License-Identifier: Apache-2.0
// Reads files whole, and the lines of vocab.txt.
#include "models/text/tokenizer_files.h"

#include <unordered_map>

#include "models/text/unicode_properties.h"
#include "tensor/check.h"
#include "tensor/io/file_presence.h"
#include "tensor/io/mapped_file.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

std::string_view without_space_at_end(std::string_view line) {
  size_t end = line.size();
  while (end > 0) {
    size_t begin = end - 1;
    while ((static_cast<unsigned char>(line[begin]) & 0xC0) == 0x80) --begin;
    size_t at = begin;
    if (!is_whitespace(next_code_point(line, at))) break;
    end = begin;
  }
  return line.substr(0, end);
}

}  // namespace

std::optional<std::string> read_tokenizer_file(const std::string& directory, const std::string& name, size_t max_bytes,
                                               std::vector<ProcessorFile>& files) {
  const std::string path = directory + "/" + name;
  if (!is_there(path)) return std::nullopt;
  const MappedFile file(path);
  if (file.bytes().size() > max_bytes) fail("{}: {} bytes, the limit is {}", path, file.bytes().size(), max_bytes);
  std::string content(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
  files.push_back({name, content});
  return content;
}

void check_token(std::string_view token, const std::string& where) {
  constexpr size_t longest = 4096;
  if (token.empty()) fail("{}: an empty token", where);
  if (token.size() > longest) fail("{}: a token of {} bytes, the limit is {}", where, token.size(), longest);
  if (token.find('\0') != std::string_view::npos) fail("{}: a token with a NUL", where);
}

Vocabulary parse_vocabulary(std::string_view content, const std::string& path) {
  if (content.empty()) fail("{}: empty, expected one token a line", path);
  if (content.starts_with("\xEF\xBB\xBF"))
    fail("{}:1: starts with a byte order mark, which would become part of the first token", path);
  std::vector<std::string_view> lines;
  std::unordered_map<std::string_view, int32_t> last;
  for (size_t begin = 0; begin < content.size();) {
    const auto id = static_cast<int32_t>(lines.size());
    size_t end = content.find('\n', begin);
    if (end == std::string_view::npos) end = content.size();
    std::string_view token = content.substr(begin, end - begin);
    begin = end + 1;
    if (const size_t bad = utf8_error_offset(token); bad < token.size())
      fail("{}:{}: byte {} is not valid UTF-8", path, id + 1, bad + 1);
    token = without_space_at_end(token);
    if (!token.empty()) check_token(token, fmt::format("{}:{}", path, id + 1));
    if (id > Vocabulary::max_id) fail("{}:{}: too many lines", path, id + 1);
    lines.push_back(token);
    last[token] = id;
  }
  Vocabulary out;
  for (size_t i = 0; i < lines.size(); ++i)
    if (last[lines[i]] == static_cast<int32_t>(i)) out.add(std::string(lines[i]), static_cast<int32_t>(i));
  return out;
}

}  // namespace thaw
