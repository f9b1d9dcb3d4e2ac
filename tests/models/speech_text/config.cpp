// SPDX-License-Identifier: Apache-2.0
// The config.json of models of speech and texts: what is read, what is refused and by which message.
#include "models/speech_text/config.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "tests/error_of.h"

using namespace thaw;

namespace {

Json good() {
  const auto place = [](const char* path, int64_t width) {
    return Json::object().set("path", path).set("sha256", std::string(64, 'a')).set("hidden_size", width);
  };
  return Json::object()
      .set("model_type", SpeechTextConfig::model_type)
      .set("audio_model", place("/models/hears", 384))
      .set("text_model", place("../reads", 16))
      .set("projection_dim", 256)
      .set("mine", 1);
}

SpeechTextConfig read(const Json& json) {
  return SpeechTextConfig::from_json(Json::parse(json.dump(), "DIR/config.json"));
}

}  // namespace

TEST_CASE("speech-text config: places, hashes and sizes are read and written back, with what is not understood") {
  const SpeechTextConfig config = read(good());
  CHECK(config.audio.path == "/models/hears");
  CHECK(config.text.path == "../reads");
  CHECK(config.audio.width == 384);
  CHECK(config.text.hash == std::string(64, 'a'));
  CHECK(config.projection_dim == 256);
  const Json written = config.to_json("SpeechTextModel");
  CHECK(written.get_int("mine") == 1);
  CHECK(written.get_object("text_model").dump() == good().get_object("text_model").dump());
  CHECK(SpeechTextConfig::from_json(written).to_json("SpeechTextModel").dump() == written.dump());
}

TEST_CASE("speech-text config: each bad key is refused by name") {
  const std::pair<const char*, Json> places[] = {
      {"path: is empty", Json::object().set("path", "")},
      {"sha256: \"xyz\": expected 64 hexadecimal digits", Json::object().set("path", "p").set("sha256", "xyz")},
      {"hidden_size: ", Json::object().set("path", "p").set("sha256", std::string(64, '0')).set("hidden_size", 0)},
      {"sha256: ", Json::object().set("path", "p")},
  };
  for (const char* key : {"audio_model", "text_model"}) {
    for (const auto& [expected, place] : places) {
      Json json = good();
      json.set(key, place);
      const std::string error = error_of<std::runtime_error>([&] { read(json); });
      INFO(error);
      CHECK(error.starts_with(std::string("DIR/config.json: ") + key + "." + expected));
    }
    Json without = good();
    without.erase(key);
    CHECK(error_of<std::runtime_error>([&] { read(without); }).starts_with(std::string("DIR/config.json: ") + key));
  }
  Json other = good();
  other.set("model_type", "clip");
  CHECK(error_of<std::runtime_error>([&] { read(other); }).starts_with("DIR/config.json: model_type: "));
}
