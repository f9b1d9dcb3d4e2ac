// SPDX-License-Identifier: Apache-2.0
// What a file that is given as text turns out to be: compressed, a spreadsheet, in another encoding.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace thaw {

// "is an xz file: unpack it first (unxz)": what the first bytes of a file say of it, and what to do; empty if it may
// well be text in UTF-8. Known are archives, spreadsheets, columnar and other binary formats, UTF-16 and UTF-32 with
// and without a byte order mark. Some ten thousand bytes are enough.
std::string foreign_kind(std::string_view beginning);

// "is an HTML page, not a table": what the first line of a table says of it; empty if nothing.
std::string foreign_header(std::string_view line);

// What the byte at text[bad], which is not UTF-8, may be: "0xE9, which is "é" in Latin-1 and Windows-1252: ...".
std::string encoding_hint(std::string_view text, size_t bad);

}  // namespace thaw
