// SPDX-License-Identifier: Apache-2.0
// MPNet's config.json: what is read, what is refused and by which message, what is written back.
#include "models/mpnet/config.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "tests/models/refused_keys.h"

using namespace thaw;

namespace {

MPNetConfig read(const std::string& text) { return MPNetConfig::from_json(Json::parse(text, "DIR/config.json")); }

}  // namespace

TEST_CASE("MPNet config: each bad key is refused by name") {
  const std::pair<const char*, const char*> bad[] = {
      {R"("model_type": "bert")", R"(model_type: this is "bert", not "mpnet")"},
      {R"("relative_attention_num_buckets": 31)",
       "relative_attention_num_buckets: 31 rows are not enough: MPNet's distances have 32 buckets"},
      {R"("relative_attention_num_buckets": "32")", "relative_attention_num_buckets: expected an integer"},
      {R"("max_position_embeddings": 2)",
       "max_position_embeddings: 2 leaves no position for a text: MPNet's begin at 2"},
      {R"("vocab_size": 1)", "vocab_size: 1: the padding's word is row 1"},
      {R"("num_attention_heads": 7)", "num_attention_heads: 7 heads do not divide hidden_size 768"},
      {R"("hidden_act": "maxout")", "maxout"},
      {R"("hidden_dropout_prob": 1)", "hidden_dropout_prob: a dropout of 1 leaves nothing"},
      {R"("is_decoder": true)", "is_decoder: true is not supported"},
  };
  check_refused_keys<MPNetConfig>(bad);
}

TEST_CASE("MPNet config: absent keys have the reference library's defaults") {
  const MPNetConfig config = read("{}");
  CHECK(config.vocab_size == 30527);
  CHECK(config.hidden_size == 768);
  CHECK(config.max_position_embeddings == 512);
  CHECK(config.positions() == 510);
  CHECK(config.layer_norm_eps == 1e-12);
  CHECK(config.pad_token_id == 1);
  CHECK(config.relative_attention_num_buckets == 32);
  CHECK(config.head_dropout() == 0.1);
}

TEST_CASE("MPNet config: what is written has what was read, keys that are not understood too, and none of BERT's") {
  const Json written = read(R"({"vocab_size": 40, "relative_attention_num_buckets": 64, "bos_token_id": 0,
                                "classifier_dropout": 0.3, "hidden_dropout_prob": 0.2})")
                           .to_json("MPNetForMaskedLM");
  CHECK(written.get_string("model_type") == "mpnet");
  CHECK(written.get_array("architectures").get_string(0) == "MPNetForMaskedLM");
  CHECK(written.get_int("vocab_size") == 40);
  CHECK(written.get_int("relative_attention_num_buckets") == 64);
  CHECK(written.get_int("bos_token_id") == 0);
  CHECK(written.get_number_or("classifier_dropout", 0) == 0.3);  // not read: heads have hidden_dropout_prob
  CHECK(read(R"({"classifier_dropout": 0.3})").head_dropout() == 0.1);
  CHECK_FALSE(written.contains("type_vocab_size"));
}
