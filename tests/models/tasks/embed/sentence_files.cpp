// SPDX-License-Identifier: Apache-2.0
// The files of sentence-transformers, written and read.
#include "models/tasks/embed/sentence_files.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr const char* modules = R"([{"type": "sentence_transformers.models.Transformer", "path": ""},
  {"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"}])";

std::string folder_with(const ScratchFolder& folder, const std::string& list, const std::string& pooling) {
  std::filesystem::create_directories(folder.path() / "1_Pooling");
  folder.write("modules.json", list);
  folder.write("1_Pooling/config.json", pooling);
  return folder.path().string();
}

}  // namespace

TEST_CASE("sentence files: what is written is read") {
  for (const SentenceSettings& settings :
       {SentenceSettings{Pooling::mean, true, 64}, SentenceSettings{Pooling::first, false, 128}}) {
    const ScratchFolder folder;
    write_sentence_settings(folder.path().string(), settings, 384);
    const auto found = read_sentence_settings(folder.path().string());
    REQUIRE(found);
    CHECK(found->pooling == settings.pooling);
    CHECK(found->normalize == settings.normalize);
    CHECK(found->max_length == settings.max_length);
    CHECK(std::filesystem::exists(folder.path() / "2_Normalize") == settings.normalize);
  }
  CHECK_FALSE(read_sentence_settings(ScratchFolder().path().string()));
}

TEST_CASE("sentence files: older and newer names, and what thaw has not") {
  const ScratchFolder folder;
  const auto read = [&](const std::string& pooling) {
    return read_sentence_settings(folder_with(folder, modules, pooling))->pooling;
  };
  CHECK(read(R"({"pooling_mode": "cls"})") == Pooling::first);
  CHECK(read(R"({"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false})") == Pooling::first);
  CHECK_THROWS_WITH_AS(
      read(R"({"pooling_mode_max_tokens": true})"),
      (folder / "1_Pooling/config.json" + ": pooling by \"pooling_mode_max_tokens\": thaw has mean and first (cls)")
          .c_str(),
      std::runtime_error);
  CHECK_THROWS_WITH_AS(read(R"({"pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": true})"),
                       doctest::Contains("thaw takes one pooling, not several joined"), std::runtime_error);
  CHECK_THROWS_WITH_AS(read_sentence_settings(folder_with(
                           folder, R"([{"type": "sentence_transformers.models.Dense", "path": "2"}])", "{}")),
                       doctest::Contains("modules.json: the module \"sentence_transformers.models.Dense\""),
                       std::runtime_error);
}
