/** A Trino coordinator as its own launcher starts it, by the settings that -Dconfig names; it ends when its input does. */
public class TrinoServer {
    public static void main(String[] args) throws Exception {
        new io.trino.server.Server().start(args[0]);
        while (System.in.read() >= 0) {
        }
        System.exit(0);
    }
}
