// SPDX-License-Identifier: Apache-2.0
// Fuzz target: tables. The first byte chooses the format, the others are the file. Every row has a cell for each
// column.
#include "models/data/table.h"

#include <sstream>

#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view bytes) {
    if (bytes.empty()) return;
    constexpr thaw::TableFormat formats[] = {thaw::TableFormat::tsv, thaw::TableFormat::csv, thaw::TableFormat::jsonl,
                                             thaw::TableFormat::lines};
    std::istringstream file{std::string(bytes.substr(1))};
    thaw::TableReader reader(file, "file", formats[static_cast<unsigned char>(bytes[0]) % 4], {{}, " "});
    thaw::TableRow row;
    for (int64_t line = 0; reader.next(row); line = row.line) {
      thaw::fuzz::require(row.cells.size() == reader.columns().size(), "a row of another width than the header");
      thaw::fuzz::require(row.line > line, "line numbers that do not rise");
    }
  });
}
