// SPDX-License-Identifier: Apache-2.0
// The files of a tokenizer's directory, read with care: sizes and encodings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/tokenizer.h"
#include "models/text/vocabulary.h"

namespace thaw {

// The bytes of directory/name, appended to `files`; absent if there is no such file. At most `max_bytes`.
// std::runtime_error if it is there but cannot be read: a link to nothing, no permission.
std::optional<std::string> read_tokenizer_file(const std::string& directory, const std::string& name, size_t max_bytes,
                                               std::vector<ProcessorFile>& files);

// Lines of a vocab.txt, without whitespace at their ends; the id of a token is its line's number from 0. A token that
// is there twice has the id of its last line, and so has the empty token of blank lines: the ids of the earlier lines
// have no token. Refused: invalid UTF-8, NUL, a byte order mark, overlong tokens, an empty file.
Vocabulary parse_vocabulary(std::string_view content, const std::string& path);

// std::runtime_error "WHERE: ..." if a token is empty, longer than 4,096 bytes, or has a NUL.
void check_token(std::string_view token, const std::string& where);

}  // namespace thaw
