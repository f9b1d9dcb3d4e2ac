// SPDX-License-Identifier: Apache-2.0
// Windows over long texts: windows.jsonl is what tokenizers 0.23.3 makes of the small vocabulary.
#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/data/json_rows.h"
#include "models/text/tokenizer.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

std::unique_ptr<Tokenizer> small_tokenizer(const ScratchFolder& folder) {
  write_small_vocabulary(folder.path().string());
  folder.write("config.json", R"({"model_type": "bert"})");
  return load_tokenizer(folder.path().string());
}

}  // namespace

TEST_CASE("windows: ids, types, offsets and order are those of the tokenizers library, from either side") {
  const ScratchFolder folder;
  const auto tokenizer = small_tokenizer(folder);
  JsonRows rows{LineReader(source_folder() / "tests/models/text/windows.jsonl")};
  int several = 0;
  for (Json row; rows.next(row);) {
    const std::string where = rows.where();
    CAPTURE(where);
    const Json& expected = row.get_array("windows");
    const WindowOptions options{.max_length = row.get_uint("max_length"),
                                .overlap = row.get_uint("stride"),
                                .truncate_left = row.get_string("side") == "left"};
    const auto windows = tokenizer->encode_windows(row.get_string("question"), row.get_string("context"), options);
    REQUIRE(windows.size() == expected.size());
    several += windows.size() > 2;
    for (size_t i = 0; i < windows.size(); ++i) {
      const Encoding& found = windows[i].encoding;
      CHECK(std::vector<int64_t>(found.ids.begin(), found.ids.end()) == expected.at(i).get_ints("ids"));
      CHECK(std::vector<int64_t>(found.type_ids.begin(), found.type_ids.end()) == expected.at(i).get_ints("types"));
      CHECK(found.cut == 0);
      for (size_t t = 0; t < found.size(); ++t) {
        const Json& place = expected.at(i).get_array("offsets").at(t);
        CHECK(found.offsets[t] ==
              TextSpan{static_cast<uint32_t>(place.get_int(0)), static_cast<uint32_t>(place.get_int(1))});
      }
    }
  }
  CHECK(several >= 5);
}

TEST_CASE("windows: each knows where in the text it begins, and where no room is left windows advance all the same") {
  const ScratchFolder folder;
  const auto tokenizer = small_tokenizer(folder);
  const auto starts = [&](const char* question, const char* context, size_t length, size_t overlap) {
    std::vector<size_t> firsts;
    for (const auto& window :
         tokenizer->encode_windows(question, context, {.max_length = length, .overlap = overlap})) {
      CHECK(window.encoding.size() <= length);
      firsts.push_back(window.first);
    }
    return firsts;
  };
  const char* context = "the cat sat on the mat . the dog sat";
  CHECK(starts("a", context, 20, 2) == std::vector<size_t>{0});
  CHECK(starts("a", context, 8, 2) == std::vector<size_t>{0, 2, 4, 6});
  CHECK(starts("a", context, 8, 4) == std::vector<size_t>{0, 2, 4, 6});  // an overlap of all is one of half
  CHECK(starts("a", "", 8, 2) == std::vector<size_t>{0});
  const auto cut = tokenizer->encode_windows("a b c d e a b c d e", context, {.max_length = 11, .overlap = 1});
  CHECK(cut.size() == 3);
  CHECK(cut[0].encoding.cut == 6);
  // A long question that leaves parts longer than the overlap is whole in each window, as in the reference.
  CHECK(starts("a b c d e", context, 11, 1) == std::vector<size_t>{0, 2, 4, 6, 8});
  CHECK(tokenizer->encode_windows("a b c d e", context, {.max_length = 11, .overlap = 1})[3].encoding.cut == 0);
  CHECK(tokenizer->encode_windows("a b c d e", context, {.max_length = 11, .overlap = 3})[0].encoding.cut == 1);
  CHECK(tokenizer->encode_windows("a b c d e", "good", {.max_length = 9, .overlap = 1})[0].encoding.cut == 0);
  CHECK_THROWS_WITH_AS(tokenizer->encode_windows("a", "b", {.max_length = 4}),
                       "max_length 4 leaves no room for two texts and 3 special tokens", std::invalid_argument);
}
