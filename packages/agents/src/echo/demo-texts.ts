/** The texts of the demos. */

export const MARKDOWN = `# Formatting

**Bold**, *italic*, ~~struck~~, \`code\` and a [link](https://commonmark.org/).

> A quotation
> of two lines.

1. One
2. Two
   - nested
   - again
- [x] done
- [ ] to do

\`\`\`ts
const greeting: string = "hello";
console.log(greeting);
\`\`\`

| Fruit | Price |
| --- | ---: |
| Apple | 1.20 |
| Pear | 0.90 |

---

Characters that often break: < > & * _ [ ] ( ) ~ \` # + - = | { } . ! and 👩‍👩‍👧‍👦 é ß 漢字 العربية.`;

export const STREAMED =
  "This answer comes word by word, as a model's does. Where the platform can edit a message you see it grow, " +
  "elsewhere it appears when it is whole. If you stop me in the middle, what you saw stays. " +
  "Meanwhile other conversations go on as if nothing happened, because each one has a lane of its own.";

const PARAGRAPH =
  "is here to fill the page. A long answer is split at the ends of paragraphs and sentences where a platform has a limit, " +
  "never inside a word, a link or a code block, and the parts arrive in order. ";

/** At least 20,000 characters in numbered paragraphs, so that a missing one is seen. */
export const LONG = Array.from({ length: 100 }, (_, index) => `**Paragraph ${index + 1} of 100** ${PARAGRAPH}`).join(
  "\n\n",
);
