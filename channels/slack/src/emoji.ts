/** Slack's names of emoji as the emoji themselves. Only the usual ones: any other stays a name, `:party-parrot:`. */

const names: Readonly<Record<string, string>> = Object.fromEntries(
  `+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 heart ❤️ joy 😂 smile 😄 smiley 😃 grinning 😀 grin 😁 laughing 😆 sweat_smile 😅
  rolling_on_the_floor_laughing 🤣 slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 heart_eyes 😍
  star-struck 🤩 kissing_heart 😘 yum 😋 stuck_out_tongue 😛 zany_face 🤪 hugging_face 🤗 thinking_face 🤔 neutral_face 😐
  expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪
  sleeping 😴 mask 😷 nauseated_face 🤢 sunglasses 😎 nerd_face 🤓 confused 😕 worried 😟 open_mouth 😮 astonished 😲 flushed 😳
  pleading_face 🥺 fearful 😨 cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓 weary 😩 tired_face 😫 triumph 😤 rage 😡 angry 😠
  skull 💀 poop 💩 clown_face 🤡 ghost 👻 alien 👽 robot_face 🤖 wave 👋 raised_hand ✋ ok_hand 👌 v ✌️ crossed_fingers 🤞
  point_left 👈 point_right 👉 point_up_2 👆 point_down 👇 fist ✊ facepunch 👊 clap 👏 raised_hands 🙌 open_hands 👐 handshake 🤝
  pray 🙏 muscle 💪 eyes 👀 eye 👁️ brain 🧠 bow 🙇 shrug 🤷 facepalm 🤦 broken_heart 💔 orange_heart 🧡 yellow_heart 💛
  green_heart 💚 blue_heart 💙 purple_heart 💜 black_heart 🖤 sparkling_heart 💖 100 💯 boom 💥 fire 🔥 sparkles ✨ star ⭐
  star2 🌟 tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 trophy 🏆 first_place_medal 🥇 medal 🏅 rocket 🚀 zap ⚡ sunny ☀️ rainbow 🌈
  snowflake ❄️ coffee ☕ beer 🍺 beers 🍻 clinking_glasses 🥂 pizza 🍕 cake 🍰 birthday 🎂 white_check_mark ✅ heavy_check_mark ✔️
  ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_plus_sign ➕ heavy_minus_sign ➖ question ❓ exclamation ❗
  bangbang ‼️ warning ⚠️ no_entry ⛔ no_entry_sign 🚫 stop_sign 🛑 hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚ alarm_clock ⏰
  bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 speech_balloon 💬 thought_balloon 💭 zzz 💤 lock 🔒 unlock 🔓 key 🔑 hammer 🔨
  wrench 🔧 gear ⚙️ link 🔗 pushpin 📌 paperclip 📎 memo 📝 pencil2 ✏️ book 📖 books 📚 calendar 📅 chart_with_upwards_trend 📈
  chart_with_downwards_trend 📉 bulb 💡 mag 🔍 computer 💻 iphone 📱 email 📧 inbox_tray 📥 package 📦 bug 🐛 cat 🐱 dog 🐶
  see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 red_circle 🔴 large_blue_circle 🔵 large_green_circle 🟢 white_circle ⚪
  black_circle ⚫ arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ repeat 🔁 recycle ♻️ checkered_flag 🏁 moneybag 💰`
    .split(/\s+/)
    .reduce<[string, string][]>((pairs, word, index, words) => {
      if (index % 2 === 0) pairs.push([word, words[index + 1] ?? ""]);
      return pairs;
    }, []),
);

const tones = ["🏻", "🏼", "🏽", "🏾", "🏿"];

/** `+1`, `+1::skin-tone-3`, `party-parrot`. */
export function emojiOf(name: string): string {
  const [base = "", tone] = name.split("::");
  const found = Object.hasOwn(names, base) ? names[base] : undefined;
  if (found === undefined) return `:${base}:`;
  const shade = /^skin-tone-([2-6])$/.exec(tone ?? "")?.[1];
  return shade === undefined ? found : found.replace("\ufe0f", "") + (tones[Number(shade) - 2] ?? "");
}

/** The first name of an emoji, without colons, with the tone of the skin; what has none stays as it is. */
export function nameOfEmoji(emoji: string): string {
  const tone = tones.findIndex((each) => emoji.includes(each));
  const bare = emoji.replaceAll(/\ufe0f|[\u{1f3fb}-\u{1f3ff}]/gu, "");
  const name = Object.entries(names).find(([, each]) => each.replaceAll("\ufe0f", "") === bare)?.[0];
  if (name === undefined) return emoji;
  return tone === -1 ? name : `${name}::skin-tone-${tone + 2}`;
}

/** Rich text carries the code points: `1f44d-1f3fb`. */
export function emojiFromCodes(codes: string): string | undefined {
  if (!/^[0-9a-f]{2,6}(-[0-9a-f]{2,6}){0,9}$/i.test(codes)) return undefined;
  const points = codes.split("-").map((code) => Number.parseInt(code, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : undefined;
}
