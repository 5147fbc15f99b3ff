import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads patterns and texts as JSON, and prints which texts each pattern takes: those that it is found in, and those that
 * it matches as a whole, as Bean Validation does. The JSON is the one that encoding/json writes: an array of objects whose
 * members are a string and an array of strings.
 */
public class Patterns {
    private final String json;
    private int at;

    private Patterns(String json) {
        this.json = json;
    }

    public static void main(String[] args) throws Exception {
        var reader = new Patterns(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
        while (reader.skipTo("\"pattern\":")) {
            var pattern = Pattern.compile(reader.string());
            reader.skipTo("[");
            List<String> texts = new ArrayList<>();
            while (reader.json.charAt(reader.at) != ']') {
                texts.add(reader.string());
                if (reader.json.charAt(reader.at) == ',') {
                    reader.at++;
                }
            }
            var found = new StringBuilder("find ");
            var matched = new StringBuilder("matches ");
            for (String text : texts) {
                found.append(pattern.matcher(text).find() ? '1' : '0');
                matched.append(pattern.matcher(text).matches() ? '1' : '0');
            }
            System.out.println(found);
            System.out.println(matched);
        }
    }

    private boolean skipTo(String mark) {
        int next = json.indexOf(mark, at);
        at = next + mark.length();
        return next >= 0;
    }

    private String string() {
        var text = new StringBuilder();
        at++; // the quotation mark
        while (json.charAt(at) != '"') {
            char letter = json.charAt(at++);
            if (letter == '\\') {
                letter = json.charAt(at++);
                switch (letter) {
                    case 'n' -> letter = '\n';
                    case 'r' -> letter = '\r';
                    case 't' -> letter = '\t';
                    case 'b' -> letter = '\b';
                    case 'f' -> letter = '\f';
                    case 'u' -> {
                        letter = (char) Integer.parseInt(json.substring(at, at + 4), 16);
                        at += 4;
                    }
                    default -> { }
                }
            }
            text.append(letter);
        }
        at++;
        return text.toString();
    }
}
